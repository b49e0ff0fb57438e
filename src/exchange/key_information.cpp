#include "exchange/key_information.hpp"

#include "exchange/json_walk.hpp"
#include "exchange/venue_error.hpp"

namespace vt::exchange {
namespace {

using json::Fault;
namespace ondemand = json::ondemand;

constexpr std::size_t kMaxRights = 128;

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    int number = 0;
    if (at + count > text.size()) return std::nullopt;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

/// "2022-03-16T12:23:16Z"; nullopt for anything else, the year 0 of an unset time among it.
std::optional<Timestamp> instant_in(std::string_view text) {
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    if (text[19] != 'Z' && text[19] != '.') return std::nullopt;
    const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    if (*year < 1971 || *year > 2200 || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return Timestamp{std::chrono::sys_days{date}} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second};
}

void add_right(KeyInformation& key, std::string_view right) {
    if (key.rights.size() < kMaxRights) key.rights.emplace_back(right.substr(0, 64));
}

/// {"ContractTrade":["Order","Position"],"Wallet":["AccountTransfer"],...}
Fault read_bybit_permissions(ondemand::value value, KeyInformation& key) {
    ondemand::object object;
    if (const Fault fault = json::object_of(value, object)) return fault;
    return json::each_member(object, [&](std::string_view group, ondemand::value list) -> Fault {
        const std::string group_name(group.substr(0, 32));
        return json::each_element(list, [&](ondemand::value element) -> Fault {
            std::string_view right;
            if (const Fault fault = json::text_of(element, right)) return fault;
            add_right(key, group_name + "." + std::string(right));
            if (group_name == "Wallet" && right == "Withdraw") key.may_withdraw = true;
            if (group_name == "Wallet" && right != "Withdraw") key.may_transfer = true;
            if (group_name == "Spot") key.may_trade_spot = true;
            // "Position" alone moves leverage and margin: as much as trading.
            if (group_name == "ContractTrade" || group_name == "Derivatives" || group_name == "Options")
                key.may_trade_derivatives = true;
            return {};
        });
    });
}

/// "*" stands for any address.
Fault read_bybit_addresses(ondemand::value value, KeyInformation& key) {
    key.is_address_bound = false;
    return json::each_element(value, [&](ondemand::value element) -> Fault {
        std::string_view address;
        if (const Fault fault = json::text_of(element, address)) return fault;
        if (!address.empty() && address != "*") key.is_address_bound = true;
        return {};
    });
}

// {"retCode":0,"retMsg":"","result":{"id":"1","note":"x","apiKey":"..","readOnly":0,"secret":"",
//  "permissions":{"ContractTrade":["Order","Position"],"Spot":["SpotTrade"],"Wallet":[]},"ips":["*"],
//  "expiredAt":"2026-09-01T00:00:00Z","createdAt":"2022-03-16T12:23:16Z",...},"time":1676891757649}
Fault read_bybit(ondemand::object result, KeyInformation& key) {
    bool is_read_only = false;
    bool has_permissions = false;
    key.may_trade_spot = key.may_trade_derivatives = key.may_withdraw = key.may_transfer = false;
    const Fault fault = json::each_member(result, [&](std::string_view member, ondemand::value value) -> Fault {
        std::string_view text;
        std::uint64_t number = 0;
        if (member == "permissions") {
            has_permissions = true;
            return read_bybit_permissions(value, key);
        }
        if (member == "ips") return read_bybit_addresses(value, key);
        if (member == "readOnly") {
            if (const Fault wrong = json::count_of(value, number)) return wrong;
            is_read_only = number == 1;
            return {};
        }
        if (member != "createdAt" && member != "expiredAt") return json::pass_over(value);
        if (const Fault wrong = json::text_of(value, text)) return wrong;
        (member == "createdAt" ? key.created_at : key.expires_at) = instant_in(text);
        return {};
    });
    if (fault) return fault;
    if (!has_permissions) return {"lacks its permissions"};
    key.may_read = true;  // it just did
    if (is_read_only) key.may_trade_spot = key.may_trade_derivatives = key.may_withdraw = key.may_transfer = false;
    return {};
}

// {"ipRestrict":false,"createTime":1698645219000,"enableReading":true,"enableWithdrawals":false,
//  "enableInternalTransfer":false,"permitsUniversalTransfer":false,"enableFutures":false,
//  "enableSpotAndMarginTrading":false,"tradingAuthorityExpirationTime":1628985600000}
Fault read_binance_key(ondemand::object root, KeyInformation& key) {
    const auto grant = [&](std::string_view member, std::optional<bool>& into, bool flag) {
        into = into.value_or(false) || flag;
        if (flag) add_right(key, member);
    };
    const Fault fault = json::each_member(root, [&](std::string_view member, ondemand::value value) -> Fault {
        bool flag = false;
        Timestamp at;
        if (member == "createTime" || member == "tradingAuthorityExpirationTime") {
            if (const Fault wrong = json::instant_of(value, at)) return wrong;
            (member == "createTime" ? key.created_at : key.expires_at) = at;
            return {};
        }
        const bool is_right = member == "ipRestrict" || member.starts_with("enable") || member.starts_with("permits");
        if (!is_right) return json::pass_over(value);
        const std::string right(member);
        if (const Fault wrong = json::flag_of(value, flag)) return wrong;
        if (right == "ipRestrict")
            key.is_address_bound = flag;
        else if (right == "enableReading")
            grant(right, key.may_read, flag);
        else if (right == "enableWithdrawals")
            grant(right, key.may_withdraw, flag);
        else if (right == "enableInternalTransfer" || right == "permitsUniversalTransfer")
            grant(right, key.may_transfer, flag);
        else if (right == "enableSpotAndMarginTrading" || right == "enableMargin" || right == "enableFixApiTrade")
            grant(right, key.may_trade_spot, flag);
        else if (right == "enableFutures" || right == "enableVanillaOptions" ||
                 right == "enablePortfolioMarginTrading")
            grant(right, key.may_trade_derivatives, flag);
        else if (flag)
            add_right(key, right);
        return {};
    });
    if (fault) return fault;
    return key.may_read && key.may_withdraw ? Fault{} : Fault{"lacks enableReading or enableWithdrawals"};
}

// {"feeTier":0,"canTrade":true,"canDeposit":true,"canWithdraw":true,...}: rights of the account, not of the key
Fault read_binance_account(ondemand::object root, KeyInformation& key) {
    const Fault fault = json::each_member(root, [&](std::string_view member, ondemand::value value) -> Fault {
        bool flag = false;
        if (member != "canTrade") return json::pass_over(value);
        if (const Fault wrong = json::flag_of(value, flag)) return wrong;
        key.may_trade_derivatives = flag;
        return {};
    });
    if (fault) return fault;
    if (!key.may_trade_derivatives) return {"lacks canTrade"};
    key.may_read = true;
    return {};
}

}  // namespace

std::string_view key_information_target(Site site) {
    switch (site) {
        case Site::bybit: return "/v5/user/query-api";
        case Site::binance_spot: return "/sapi/v1/account/apiRestrictions";
        case Site::binance_futures: return "/fapi/v2/account";
    }
    return "";
}

Result<KeyInformation> read_key_information(Site site, std::string_view body) {
    const auto malformed = [&](Fault fault) {
        return fail(Errc::malformed, std::string(name(site)) + " key information " + fault.what);
    };
    if (const auto error = error_in({.site = site, .body = body})) {
        const Errc code = error->kind == ErrorClass::malformed ? Errc::malformed : Errc::refused;
        return fail(code, error->text);
    }
    json::Document document;
    document.hold(body);
    ondemand::object root;
    if (const Fault fault = document.open(root)) return malformed(fault);
    KeyInformation key;
    Fault fault;
    if (site == Site::bybit) {
        ondemand::object result;
        if (root.find_field_unordered("result").get_object().get(result)) return malformed({"lacks its result"});
        fault = read_bybit(result, key);
    } else {
        fault = site == Site::binance_spot ? read_binance_key(root, key) : read_binance_account(root, key);
    }
    if (fault) return malformed(fault);
    return key;
}

}  // namespace vt::exchange
