#pragma once

#include "api/route.hpp"
#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "history/page.hpp"
#include "history/series.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace vt::api {

/// A file of stored history; without a series, why it cannot be read.
struct StoredHistory {
    std::string file;  ///< below the history folder: "bybit/linear/BTCUSDT/klines-1m.vth"
    std::optional<history::Series> series;
    std::optional<history::TimeRange> extent;  ///< of its rows; absent: it has none
    std::uint64_t bytes = 0;
    bool is_damaged = false;
    std::string problem;
};

/// Lists the files of the history folder by name, sooner or later, once, on the API's thread.
using HistoryListed = std::function<void(const Result<std::vector<StoredHistory>>&)>;
using ListHistory = std::function<void(HistoryListed done)>;
/// Reads rows of one series, likewise.
///   errors: not_found: nothing is stored of it
using HistoryRead = std::function<void(const Result<history::Page>&)>;
using ReadHistory = std::function<void(history::Series series, history::PageQuery query, HistoryRead done)>;

/// The series that "bybit-linear-BTCUSDT" and the name of a kind mean; `timeframe` is empty for funding.
///   errors: malformed: says what would be right
[[nodiscard]] Result<history::Series> series_of(std::string_view path_id, std::string_view kind,
                                                std::string_view timeframe);

/// The query of `/api/history/{symbol}/{kind}`.
[[nodiscard]] std::vector<QueryParameter> history_parameters();
/// What a call asks for.
///   errors: out_of_range: names the parameter, and what it may be
[[nodiscard]] Result<history::PageQuery> history_query_of(const Call& call);

/// The document HistoryList: those behind `cursor`, at most `limit`.
void write_history_list(JsonWriter& out, const std::vector<StoredHistory>& all, std::string_view cursor,
                        std::size_t limit);
/// The document History: rows in the order that was asked for.
void write_history(JsonWriter& out, const history::Series& series, const history::PageQuery& query,
                   const history::Page& page);

}  // namespace vt::api
