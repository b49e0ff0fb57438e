#include "api/signal_pages.hpp"

#include "alpha/params.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace vt::api {
namespace {

constexpr std::size_t kUsualSignals = 100;
constexpr std::array<std::string_view, 4> kStates{"open", "closed", "suppressed", "placebo"};
constexpr std::array<std::string_view, 1> kListedSegments{"reconstructed"};
constexpr std::array<std::string_view, 2> kDirections{"long", "short"};

/// out: empty where it is not given
template <std::size_t N>
Result<std::string> one_of(const Call& call, std::string_view name, const std::array<std::string_view, N>& allowed) {
    const std::string value = call.query(name).value_or("");
    if (value.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
    std::string message = std::string(name) + " must be ";
    for (std::size_t i = 0; i < N; ++i)
        message += (i == 0 ? "" : i + 1 == N ? " or " : ", ") + std::string(allowed[i]);
    return fail(Errc::out_of_range, std::move(message));
}

/// The score itself and those beside it.
std::array<std::string_view, alpha::kStrategyCount + 1> strategies() {
    std::array<std::string_view, alpha::kStrategyCount + 1> all{signals::kConfluence};
    std::ranges::copy(alpha::kStrategyNames, all.begin() + 1);
    return all;
}

std::string strategy_schema() {
    JsonWriter out;
    out.begin_object().field("type", "string").key("enum").begin_array();
    for (const std::string_view one : strategies()) out.value(one);
    out.end_array().end_object();
    return out.take();
}

void write_entry(JsonWriter& out, const records::StoredEntry& stored) {
    out.begin_object().field("number", stored.number).field("entry", stored.entry.entry);
    out.field("at", to_ms(stored.entry.at)).field("run", stored.entry.run).field("hash", stored.hash);
    out.key("signal").raw(stored.entry.body).end_object();
}

void write_row_outcome(JsonWriter& out, const signals::Signal& signal) {
    if (!signal.path.ended_at) {
        out.null();
        return;
    }
    out.begin_object().field("first_barrier", signals::name(*signal.path.first_barrier));
    out.field("ended_at", to_ms(*signal.path.ended_at)).field("net_bps", signal.path.net_bps);
    out.field("net_r", signal.net_r()).end_object();
}

}  // namespace

std::vector<QueryParameter> signal_parameters() {
    return {{"symbol", R"({"type":"string"})", "of this symbol only, in any of its forms"},
            {"state", R"({"type":"string","enum":["open","closed","suppressed","placebo"]})",
             "in this state only; placebos, which are no signals, are shown where they are asked for"},
            {"direction", R"({"type":"string","enum":["long","short"]})", "of this direction only"},
            {"strategy", strategy_schema(), "of this strategy only"},
            {"segment", R"({"type":"string","enum":["reconstructed"]})",
             "reconstructed: those of the past that were made from candles, instead of the market's own"},
            count_parameter("limit", kUsualSignals, records::kSignalPageMax, "how many at most"),
            {"cursor", R"({"type":"string"})", "of the page before; the other parameters stay the same"}};
}

Result<records::SignalQuery> signal_query_of(const Call& call, std::string_view market) {
    records::SignalQuery query;
    VT_TRY(query.state, one_of(call, "state", kStates));
    VT_TRY(query.direction, one_of(call, "direction", kDirections));
    VT_TRY(query.strategy, one_of(call, "strategy", strategies()));
    VT_TRY(const std::string segment, one_of(call, "segment", kListedSegments));
    query.market = segment.empty() ? std::string(market) : records::reconstructed_ledger(market);
    const auto limit = call.count("limit", kUsualSignals, records::kSignalPageMax);
    if (!limit)
        return fail(Errc::out_of_range,
                    "limit must be a whole number from 1 to " + std::to_string(records::kSignalPageMax));
    query.limit = *limit;
    query.cursor = call.query("cursor").value_or("");
    return query;
}

void write_signal_page(JsonWriter& out, std::string_view market, const records::SignalPage& page) {
    out.begin_object().field("market", market).key("signals").begin_array();
    for (const records::StoredEntry& stored : page.signals) write_entry(out, stored);
    out.end_array();
    out.field("cursor", page.cursor.empty() ? std::nullopt : std::optional(page.cursor)).end_object();
}

void write_signal_history(JsonWriter& out, const std::vector<records::StoredEntry>& entries) {
    out.begin_object().field("id", entries.back().entry.signal).field("state", entries.back().entry.state);
    out.key("signal").raw(entries.back().entry.body).key("entries").begin_array();
    for (const records::StoredEntry& stored : entries) write_entry(out, stored);
    out.end_array().end_object();
}

void write_signal_rows(JsonWriter& out, const views::Snapshot& snapshot) {
    out.begin_array();
    for (const signals::Signal& signal : *snapshot.signals) {
        const market::Instrument& instrument = snapshot.rows.at(signal.instrument.value()).instrument;
        out.begin_object().field("id", signal.id).field("instrument", instrument.path_id());
        out.field("symbol", instrument.unified_symbol()).field("strategy", signal.strategy);
        out.field("direction", signals::direction_name(signal.side)).field("state", signals::name(signal.state()));
        out.field("score", signal.score).field("confirmed_at", to_ms(signal.confirmed_at));
        out.field("entry", signal.levels->entry).field("stop", signal.path.stop).key("targets").begin_array();
        for (const double target : signal.levels->targets) out.value(target);
        out.end_array().field("expiry_at", to_ms(signal.expires_at)).field("size", signal.size_share);
        out.key("reasons").begin_array();
        for (const std::string& reason : signal.reasons) out.value(reason);
        out.end_array().field("is_uncalibrated", signal.is_uncalibrated);
        out.field("probability", signal.probability).key("outcome");
        write_row_outcome(out, signal);
        out.end_object();
    }
    out.end_array();
}

}  // namespace vt::api
