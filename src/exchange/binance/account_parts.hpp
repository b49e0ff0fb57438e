#pragma once

// The inside of the Binance account codec. Included by its .cpp files only.

#include "exchange/account.hpp"
#include "exchange/binance/account_codec.hpp"
#include "exchange/binance/codec.hpp"
#include "exchange/row_reader.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

namespace vt::exchange::binance {

struct AccountCodec::Impl {
    json::Document document;
    std::string wrapped;

    /// Calls visit(object) for the body itself, for each row of a list, or for each row of the named lists in it.
    template <class Visit>
    Result<void> rows(std::string_view source, std::string_view body, std::initializer_list<std::string_view> lists,
                      Visit&& visit);
};

/// The words of an order that are read into an OrderReport by `finish_order`.
struct OrderWords {
    std::string side, status, type, time_in_force, slot;
};

/// Judges the words, and drops the zeros that stand for "none".
[[nodiscard]] json::Fault finish_order(const OrderWords& words, OrderReport& order);
/// Turns a signed quantity into a side and a quantity.
[[nodiscard]] json::Fault finish_position(std::string_view slot, PositionReport& position);
[[nodiscard]] json::Fault side_in(std::string_view text, market::Side& side);
/// Forced orders carry client ids that nobody here has sent.
[[nodiscard]] ExecutionKind kind_of_client_id(std::string_view client_id);

template <class Visit>
Result<void> AccountCodec::Impl::rows(std::string_view source, std::string_view body,
                                      std::initializer_list<std::string_view> lists, Visit&& visit) {
    using json::Fault;
    const auto malformed = [&](Fault fault) {
        return fail(Errc::malformed, "binance " + std::string(source) + " " + fault.what);
    };
    if (body.size() > kMaxFrameBytes) return malformed({"is longer than 4 MB"});
    // The parser wants an object at the root.
    wrapped.assign(R"({"body":)").append(body).append("}");
    document.hold(wrapped);
    json::ondemand::object root, object;
    json::ondemand::value value;
    if (const Fault fault = document.open(root)) return malformed(fault);
    if (root.find_field("body").get(value)) return malformed({"is not JSON"});
    json::ondemand::json_type type{};
    if (value.type().get(type)) return malformed({"is not JSON"});
    const auto each = [&](json::ondemand::value list) {
        return json::each_element(list, [&](json::ondemand::value element) -> Fault {
            json::ondemand::object row;
            const Fault fault = json::object_of(element, row);
            return fault ? fault : visit(row);
        });
    };
    if (type == json::ondemand::json_type::array) {
        const Fault fault = each(value);
        return fault ? Result<void>(malformed(fault)) : Result<void>{};
    }
    if (const Fault fault = json::object_of(value, object)) return malformed(fault);
    std::int64_t code = 0;
    json::ondemand::value refusal;
    const json::Lookup lookup = json::look_up(object, "code", refusal);
    if (lookup == json::Lookup::broken) return malformed({"is cut off or not JSON"});
    if (lookup == json::Lookup::found && !refusal.get_int64().get(code) && code < 0)
        return fail(Errc::refused, "binance " + std::to_string(code));
    if (object.reset().error()) return malformed({"is cut off or not JSON"});
    if (lists.size() == 0) {
        const Fault fault = visit(object);
        return fault ? Result<void>(malformed(fault)) : Result<void>{};
    }
    bool has_list = false;
    const Fault fault = json::each_member(object, [&](std::string_view key, json::ondemand::value member) -> Fault {
        if (std::find(lists.begin(), lists.end(), key) == lists.end()) return json::pass_over(member);
        has_list = true;
        return each(member);
    });
    if (fault) return malformed(fault);
    return has_list ? Result<void>{} : Result<void>(malformed({"lacks its list"}));
}

}  // namespace vt::exchange::binance
