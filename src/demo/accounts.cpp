#include "demo/accounts.hpp"

#include "base/hmac.hpp"
#include "base/json_writer.hpp"
#include "base/secret.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace vt::demo {
namespace {

constexpr std::int64_t kUsualWindowMs = 5000;
constexpr std::int64_t kLongestWindowMs = 60'000;
constexpr std::int64_t kAheadMs = 1000;  // how far a client's clock may be ahead
constexpr Nanos kAge = std::chrono::hours{24 * 30};

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t parsed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return parsed;
}

bool is_signed(const DemoKey& key, std::string_view text, std::string_view signature) {
    return hmac_sha256_hex(Secret(std::string(key.secret)), text) == signature;
}

/// "2026-07-24T00:00:00Z"
std::string calendar_text(Timestamp at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
    std::string text;
    const auto append = [&](std::int64_t value, std::size_t digits, std::string_view behind) {
        const std::string plain = std::to_string(value);
        text.append(digits - std::min(digits, plain.size()), '0').append(plain).append(behind);
    };
    append(static_cast<int>(date.year()), 4, "-");
    append(static_cast<unsigned>(date.month()), 2, "-");
    append(static_cast<unsigned>(date.day()), 2, "T");
    append(time.hours().count(), 2, ":");
    append(time.minutes().count(), 2, ":");
    append(time.seconds().count(), 2, "Z");
    return text;
}

Proof refused(int code, std::string message, int status) {
    return {.key = nullptr, .code = code, .message = std::move(message), .status = status};
}

Proof missing(std::string_view name) {
    return refused(
        -1102,
        std::string("Mandatory parameter '").append(name).append("' was not sent, was empty/null, or malformed."),
        400);
}

/// The query without its signature, in the order in which it was sent.
std::string unsigned_query(std::string_view query) {
    std::string rest;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view part = query.substr(0, end);
        if (!part.starts_with("signature=")) rest.append(rest.empty() ? "" : "&").append(part);
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return rest;
}

}  // namespace

std::vector<DemoKey> demo_keys() {
    return {{.key = "demoReadKey", .secret = "demoReadKeySecret"},
            {.key = "demoTradeKey", .secret = "demoTradeKeySecret", .may_trade = true},
            {.key = "demoWithdrawKey",
             .secret = "demoWithdrawKeySecret",
             .account = 2,
             .may_trade = true,
             .may_withdraw = true},
            {.key = "demoBlindKey", .secret = "demoBlindKeySecret", .may_read = false},
            {.key = "demoEndedKey", .secret = "demoEndedKeySecret", .has_ended = true}};
}

const DemoKey* Accounts::find(std::string_view key) const {
    const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const DemoKey& one) { return one.key == key; });
    return found == keys_.end() ? nullptr : &*found;
}

// server_time - recv_window <= timestamp < server_time + 1000
Proof prove_bybit(const Accounts& accounts, const FrontRequest& request, Timestamp now) {
    const std::string_view name = request.header("X-BAPI-API-KEY");
    const std::string_view time = request.header("X-BAPI-TIMESTAMP");
    const std::string_view signature = request.header("X-BAPI-SIGN");
    if (name.empty() || time.empty() || signature.empty())
        return refused(10001, "empty value: apiTimestamp[] apiKey[] apiSignature[]", 200);
    const DemoKey* key = accounts.find(name);
    if (key == nullptr) return refused(10003, "API key is invalid.", 200);
    const std::string_view window_text = request.header("X-BAPI-RECV-WINDOW");
    const auto window = window_text.empty() ? std::optional(kUsualWindowMs) : number(window_text);
    const auto at = number(time);
    const std::int64_t server = to_ms(now);
    if (!at || !window || *window < 0 || *at < server - *window || *at >= server + kAheadMs) {
        return refused(10002,
                       "invalid request, please check your server timestamp or recv_window param. req_timestamp[" +
                           std::string(time) + "],server_timestamp[" + std::to_string(server) + "],recv_window[" +
                           std::string(window_text) + "]",
                       200);
    }
    std::string text(time);
    text.append(name).append(window_text).append(request.query);
    if (!is_signed(*key, text, signature)) return refused(10004, "error sign! origin_string[" + text + "]", 200);
    if (key->has_ended) return refused(33004, "Your api key has expired.", 200);
    if (!key->may_read) return refused(10005, "Permission denied, please check your API key permissions.", 200);
    return {.key = key, .message = {}};
}

Proof prove_binance(const Accounts& accounts, const FrontRequest& request, Timestamp now) {
    const std::string_view name = request.header("X-MBX-APIKEY");
    const auto is_plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_plain))
        return refused(-2014, "API-key format invalid.", 401);
    const DemoKey* key = accounts.find(name);
    if (key == nullptr) return refused(-2015, "Invalid API-key, IP, or permissions for action.", 401);
    const auto at = number(net::query_value(request.query, "timestamp").value_or(std::string()));
    if (!at) return missing("timestamp");
    const auto signature = net::query_value(request.query, "signature");
    if (!signature || signature->empty()) return missing("signature");
    const auto given = net::query_value(request.query, "recvWindow");
    const auto window = given ? number(*given) : std::optional(kUsualWindowMs);
    if (!window || *window < 0) return missing("recvWindow");
    if (*window > kLongestWindowMs) return refused(-1131, "recvWindow must be less than 60000", 400);
    const std::int64_t server = to_ms(now);
    if (*at >= server + kAheadMs)
        return refused(-1021, "Timestamp for this request was 1000ms ahead of the server's time.", 400);
    if (server - *at > *window)
        return refused(-1021, "Timestamp for this request is outside of the recvWindow.", 400);
    if (!is_signed(*key, unsigned_query(request.query), *signature))
        return refused(-1022, "Signature for this request is not valid.", 400);
    if (key->has_ended || !key->may_read)
        return refused(-2015, "Invalid API-key, IP, or permissions for action.", 401);
    return {.key = key, .message = {}};
}

std::string bybit_key_information(const DemoKey& key, Timestamp now) {
    JsonWriter json;
    json.begin_object().field("id", std::to_string(key.account)).field("note", "demo").field("apiKey", key.key);
    json.field("readOnly", key.may_trade ? 0 : 1).field("secret", "").key("permissions").begin_object();
    const auto rights = [&](std::string_view group, bool has, std::initializer_list<std::string_view> names) {
        json.key(group).begin_array();
        for (const std::string_view name : names) {
            if (has) json.value(name);
        }
        json.end_array();
    };
    rights("ContractTrade", key.may_trade, {"Order", "Position"});
    rights("Spot", key.may_trade, {"SpotTrade"});
    rights("Wallet", key.may_withdraw, {"AccountTransfer", "Withdraw"});
    rights("Options", false, {});
    rights("Derivatives", key.may_trade, {"DerivativesTrade"});
    rights("Exchange", false, {});
    json.end_object().key("ips").begin_array().value("*").end_array();
    json.field("type", 1).field("deadlineDay", 60).field("expiredAt", calendar_text(now + 2 * kAge));
    json.field("createdAt", calendar_text(now - kAge)).field("unified", 0).field("uta", 1);
    json.field("userID", key.account).field("inviterID", 0).field("vipLevel", "No VIP").field("isMaster", true);
    json.field("mktMakerLevel", "0").field("affiliateID", 0).field("rsaPublicKey", "").field("parentUid", "0");
    return json.field("kycLevel", "LEVEL_DEFAULT").field("kycRegion", "").end_object().take();
}

std::string binance_key_information(const DemoKey& key, Timestamp now) {
    JsonWriter json;
    json.begin_object().field("ipRestrict", false).field("createTime", to_ms(now - kAge));
    json.field("enableReading", true).field("enableWithdrawals", key.may_withdraw);
    json.field("enableInternalTransfer", key.may_withdraw).field("permitsUniversalTransfer", key.may_withdraw);
    json.field("enableMargin", false).field("enableFutures", key.may_trade).field("enableVanillaOptions", false);
    json.field("enableFixApiTrade", false).field("enableFixReadOnly", false);
    json.field("enableSpotAndMarginTrading", key.may_trade).field("enablePortfolioMarginTrading", false);
    return json.end_object().take();
}

// The flags only: there are no balances yet.
std::string binance_account(const DemoKey& key, Timestamp now) {
    JsonWriter json;
    json.begin_object().field("feeTier", 0).field("canTrade", key.may_trade).field("canDeposit", true);
    json.field("canWithdraw", key.may_withdraw).field("multiAssetsMargin", false).field("updateTime", to_ms(now));
    json.field("totalWalletBalance", "0.00000000").key("assets").begin_array().end_array();
    return json.key("positions").begin_array().end_array().end_object().take();
}

}  // namespace vt::demo
