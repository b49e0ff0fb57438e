#include "api/score_history.hpp"

#include "analysis/leaf.hpp"
#include "base/time.hpp"
#include "base/whole_number.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace vt::api {
namespace {

constexpr std::size_t kUsualScores = 100;

/// out: `standard` where it is not given
Result<Timestamp> instant_of(const Call& call, std::string_view name, Timestamp standard) {
    const auto text = call.query(name);
    if (!text) return standard;
    const auto ms = whole_number<std::int64_t>(*text);
    if (!ms || *ms < 0 || *ms > to_ms(kLatestInstant))
        return fail(Errc::out_of_range, std::string(name) + " must be milliseconds since 1970, at most " +
                                            std::to_string(to_ms(kLatestInstant)));
    return from_ms(*ms);
}

/// "minute,move" as an array.
void write_causes(JsonWriter& out, std::string_view causes) {
    out.key("causes").begin_array();
    while (!causes.empty()) {
        const std::size_t end = std::min(causes.find(','), causes.size());
        out.value(causes.substr(0, end));
        causes.remove_prefix(std::min(end + 1, causes.size()));
    }
    out.end_array();
}

void write_score_row(JsonWriter& out, const records::ScoreRow& row) {
    out.begin_object()
        .field("timestamp", to_ms(row.key.at))
        .field("run", row.key.run)
        .field("number", row.key.number);
    out.field("score", row.score).field("sum", row.sum).field("coverage", row.coverage);
    out.field("confidence", row.confidence).field("direction", row.direction);
    write_causes(out, row.causes);
    out.key("dimensions").begin_object();
    for (std::size_t d = 0; d < row.dimensions.size(); ++d)
        out.field(analysis::name(static_cast<analysis::Dimension>(d)), row.dimensions[d]);
    out.end_object();
    out.field("first_sequence", row.first_sequence).field("last_sequence", row.last_sequence).end_object();
}

}  // namespace

std::vector<QueryParameter> score_history_parameters() {
    const std::string instant =
        R"({"type":"integer","minimum":0,"maximum":)" + std::to_string(to_ms(kLatestInstant)) + "}";
    return {{"from", instant, "not before, milliseconds since 1970"},
            {"to", instant, "before, milliseconds since 1970"},
            {"order", R"({"type":"string","enum":["newest","oldest"],"default":"newest"})", "which come first"},
            count_parameter("limit", kUsualScores, records::Repository::kPageMax, "how many at most"),
            {"cursor", R"({"type":"string"})", "of the page before; the other parameters stay the same"}};
}

records::ScoreQuery newest_scores() {
    return {.from = Timestamp{}, .to = kLatestInstant, .limit = kUsualScores, .newest_first = true};
}

Result<records::ScoreQuery> score_query_of(const Call& call) {
    records::ScoreQuery query = newest_scores();
    VT_TRY(query.from, instant_of(call, "from", query.from));
    VT_TRY(query.to, instant_of(call, "to", query.to));
    const auto limit = call.count("limit", query.limit, records::Repository::kPageMax);
    if (!limit)
        return fail(Errc::out_of_range,
                    "limit must be a whole number from 1 to " + std::to_string(records::Repository::kPageMax));
    query.limit = *limit;
    const std::string order = call.query("order").value_or("newest");
    if (order != "newest" && order != "oldest") return fail(Errc::out_of_range, "order must be newest or oldest");
    query.newest_first = order == "newest";
    query.cursor = call.query("cursor").value_or("");
    return query;
}

void write_score_history(JsonWriter& out, const records::ScoreQuery& query, const records::ScorePage& page) {
    out.begin_object().field("id", query.instrument).field("market", query.market);
    out.key("scores").begin_array();
    for (const records::ScoreRow& row : page.scores) write_score_row(out, row);
    out.end_array();
    out.field("cursor", page.cursor.empty() ? std::nullopt : std::optional(page.cursor)).end_object();
}

}  // namespace vt::api
