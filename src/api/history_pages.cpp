#include "api/history_pages.hpp"

#include "base/whole_number.hpp"
#include "market/event.hpp"

#include <algorithm>
#include <utility>

namespace vt::api {
namespace {

constexpr std::size_t kUsualRows = 500;
constexpr std::size_t kRowsMax = 5'000;

std::string path_id_of(const history::Series& series) {
    return std::string(market::name(series.venue)) + "-" + std::string(market::name(series.category)) + "-" +
           series.symbol;
}

std::string kinds_there_are() {
    std::string all;
    for (const history::Kind kind : history::kKinds)
        all += (all.empty() ? "" : ", ") + std::string(history::name(kind));
    return all;
}

/// out: `standard` where it is not given
Result<std::int64_t> history_instant(const Call& call, std::string_view parameter, std::int64_t standard) {
    const auto text = call.query(parameter);
    if (!text) return standard;
    const auto ms = history::parse_time_ms(*text);
    if (!ms)
        return fail(Errc::out_of_range, std::string(parameter) +
                                            " must be milliseconds since 1970, 2026-01-31 or 2026-01-31T12:30 (UTC)");
    return *ms;
}

void write_series(JsonWriter& out, const history::Series& series) {
    out.field("id", path_id_of(series))
        .field("exchange", market::name(series.venue))
        .field("category", market::name(series.category));
    out.field("kind", history::name(series.kind));
    out.field("timeframe",
              series.step_ms > 0 ? std::optional(history::timeframe_name(series.step_ms)) : std::nullopt);
}

void write_row(JsonWriter& out, const history::Table& rows, std::size_t row) {
    out.begin_array().value(rows.times_ms[row]);
    for (const history::Column& column : rows.columns) {
        if (const auto value = column.at(row))
            out.raw(value->to_string());
        else
            out.null();
    }
    out.end_array();
}

}  // namespace

Result<history::Series> series_of(std::string_view path_id, std::string_view kind, std::string_view timeframe) {
    const std::size_t first = path_id.find('-');
    const std::size_t second = first == std::string_view::npos ? first : path_id.find('-', first + 1);
    const auto venue = history::parse_venue(path_id.substr(0, first));
    const auto category = second == std::string_view::npos
                              ? std::nullopt
                              : history::parse_category(path_id.substr(first + 1, second - first - 1));
    if (!venue || !category)
        return fail(Errc::malformed, "a series is named by its venue, category and symbol: bybit-linear-BTCUSDT");
    const auto known = history::parse_kind(kind);
    if (!known) return fail(Errc::malformed, "the kind is one of " + kinds_there_are());
    history::Series series{
        .venue = *venue, .category = *category, .symbol = std::string(path_id.substr(second + 1)), .kind = *known};
    if (!timeframe.empty()) {
        const auto step_ms = history::parse_timeframe(timeframe);
        if (!step_ms) return fail(Errc::malformed, "tf is one of 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d");
        series.step_ms = *step_ms;
    }
    if (const Result<void> checked = history::check(series); !checked)
        return fail(Errc::malformed, checked.error().what);
    return series;
}

std::vector<QueryParameter> history_parameters() {
    const std::string instant = R"({"type":"string"})";
    return {{"tf", R"({"type":"string"})", "1m to 1d; needed for all but funding"},
            {"from", instant, "not before: milliseconds since 1970, or a day or minute of UTC"},
            {"to", instant, "before, likewise"},
            {"order", R"({"type":"string","enum":["newest","oldest"],"default":"newest"})", "which come first"},
            count_parameter("limit", kUsualRows, kRowsMax, "how many at most"),
            {"cursor", R"({"type":"string"})", "next_cursor of the page before; the other parameters stay the same"}};
}

Result<history::PageQuery> history_query_of(const Call& call) {
    history::PageQuery query;
    VT_TRY(query.range.from_ms, history_instant(call, "from", 0));
    VT_TRY(query.range.to_ms, history_instant(call, "to", to_ms(kLatestInstant)));
    const auto limit = call.count("limit", kUsualRows, kRowsMax);
    if (!limit) return fail(Errc::out_of_range, "limit must be a whole number from 1 to " + std::to_string(kRowsMax));
    query.limit = *limit;
    const std::string order = call.query("order").value_or("newest");
    if (order != "newest" && order != "oldest") return fail(Errc::out_of_range, "order must be newest or oldest");
    query.newest_first = order == "newest";
    if (const auto cursor = call.query("cursor"); cursor && !cursor->empty()) {
        const auto ms = whole_number<std::int64_t>(*cursor);
        if (!ms || *ms < 0) return fail(Errc::out_of_range, "cursor must be the next_cursor of a page");
        (query.newest_first ? query.range.to_ms : query.range.from_ms) = *ms;
    }
    return query;
}

void write_history_list(JsonWriter& out, const std::vector<StoredHistory>& all, std::string_view cursor,
                        std::size_t limit) {
    auto next = std::ranges::find_if(all, [&](const StoredHistory& one) { return one.file > cursor; });
    out.begin_object().key("series").begin_array();
    std::string_view last;
    for (std::size_t n = 0; n < limit && next != all.end(); ++n, ++next) {
        last = next->file;
        out.begin_object().field("file", next->file);
        if (next->series) {
            write_series(out, *next->series);
        } else {
            for (const char* member : {"id", "exchange", "category", "kind", "timeframe"}) out.key(member).null();
        }
        out.field("from", next->extent ? std::optional(next->extent->from_ms) : std::nullopt);
        out.field("to", next->extent ? std::optional(next->extent->to_ms) : std::nullopt);
        out.field("bytes", next->bytes).field("is_damaged", next->is_damaged);
        out.field("problem", next->problem.empty() ? std::nullopt : std::optional(next->problem)).end_object();
    }
    out.end_array();
    out.field("next_cursor", next == all.end() ? std::nullopt : std::optional(std::string(last))).end_object();
}

void write_history(JsonWriter& out, const history::Series& series, const history::PageQuery& query,
                   const history::Page& page) {
    out.begin_object();
    write_series(out, series);
    out.key("columns").begin_array();
    for (const std::string_view column : history::columns_of(series.kind)) out.value(column);
    out.end_array().key("rows").begin_array();
    const std::size_t count = page.rows.rows();
    for (std::size_t i = 0; i < count; ++i) write_row(out, page.rows, query.newest_first ? count - 1 - i : i);
    out.end_array().field("is_damaged", page.is_damaged);
    out.field("next_cursor", page.next_ms ? std::optional(std::to_string(*page.next_ms)) : std::nullopt);
    out.end_object();
}

}  // namespace vt::api
