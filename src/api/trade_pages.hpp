#pragma once

#include "api/route.hpp"
#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "records/trades.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::api {

/// A trade that is kept, with every order of it.
struct KeptTrade {
    records::TradeRow trade;
    std::vector<records::OrderRow> orders;
};
/// Answer a question about the trades that are kept, sooner or later, once, on the API's thread.
using ReadTrades =
    std::function<void(records::TradeQuery query, std::function<void(const Result<records::TradePage>&)> done)>;
using TradeRead = std::function<void(const Result<std::optional<KeptTrade>>&)>;
using ReadTrade = std::function<void(std::string market, std::uint64_t number, TradeRead done)>;

/// The query of `/api/trades`.
[[nodiscard]] std::vector<QueryParameter> trade_parameters();
/// What a call asks for of a market, but the symbol.
///   errors: out_of_range: names the parameter, and what it may be
[[nodiscard]] Result<records::TradeQuery> trade_query_of(const Call& call, std::string_view market);

/// The document AccountTrades: one page of the journal.
void write_trade_page(JsonWriter& out, std::string_view market, const records::TradePage& page);
/// The document TradeHistory: a trade and its orders.
void write_kept_trade(JsonWriter& out, const KeptTrade& kept);

}  // namespace vt::api
