#include "runtime/live_smoke.hpp"

#include "engine/engine.hpp"
#include "runtime/documented_fields.hpp"
#include "runtime/engine_params.hpp"

#include <algorithm>
#include <variant>

namespace vt::runtime {
namespace {

constexpr std::size_t kMostNames = 500;  ///< of one list: what is behind it is counted under "(others)"

/// The text after `mark`, up to the next dot or quote.
std::string_view text_after(std::string_view frame, std::string_view mark) {
    const std::size_t at = frame.find(mark);
    if (at == std::string_view::npos) return {};
    const std::string_view text = frame.substr(at + mark.size(), 40);
    return text.substr(0, text.find_first_of(".\""));
}

/// Bybit's topic, Binance's event or stream, "control" for what answers us, "other" for the rest.
std::string_view kind_of(std::string_view frame, market::Venue venue) {
    if (const auto topic = text_after(frame, "\"topic\":\""); !topic.empty()) return topic;
    if (const auto event = text_after(frame, "\"e\":\""); !event.empty()) return event;
    if (venue == market::Venue::binance && frame.find("\"u\":") != std::string_view::npos) return "bookTicker";
    for (const std::string_view mark : {"\"op\":", "\"success\":", "\"result\":", "\"error\":"}) {
        if (frame.find(mark) != std::string_view::npos) return "control";
    }
    return "other";
}

void count(std::map<std::string, std::uint64_t>& counts, std::string name) {
    if (counts.size() >= kMostNames && !counts.contains(name)) name = "(others)";
    ++counts[std::move(name)];
}

/// Calls `take` with every text of the frame that is followed by a colon: the names of its members.
template <class Take>
void for_each_name(std::string_view frame, Take&& take) {
    for (std::size_t i = 0; i < frame.size(); ++i) {
        if (frame[i] != '"') continue;
        const std::size_t start = ++i;
        while (i < frame.size() && frame[i] != '"') i += frame[i] == '\\' ? 2U : 1U;
        if (i >= frame.size()) return;
        const std::size_t next = frame.find_first_not_of(" \t\r\n", i + 1);
        if (next != std::string_view::npos && frame[next] == ':') take(frame.substr(start, i - start));
    }
}

}  // namespace

void count_unknown_fields(std::string_view frame, market::Venue venue, SmokeReport& report) {
    const std::string_view kind = kind_of(frame, venue);
    const std::string named = std::string(market::name(venue)) + " " + std::string(kind);
    count(report.frames_by_kind, named);
    const auto known = documented_fields(venue, kind);
    if (known.empty() && kind != "control") return count(report.unknown_kinds, named);
    const auto envelope = documented_envelope(venue);
    for_each_name(frame, [&](std::string_view name) {
        const bool is_known = std::find(known.begin(), known.end(), name) != known.end() ||
                              std::find(envelope.begin(), envelope.end(), name) != envelope.end();
        if (!is_known) count(report.unknown_fields, named + "." + std::string(name.substr(0, 40)));
    });
}

Result<SmokeReport> read_smoke(storage::JournalReader& journal) {
    VT_TRY(engine::Params params, recorded_engine_params(journal.header().configuration));
    engine::Engine engine(std::move(params));
    SmokeReport report;
    engine::Event event;
    std::vector<engine::Effect> effects;
    for (auto outcome = journal.next(event); outcome != storage::ReadOutcome::end; outcome = journal.next(event)) {
        if (outcome == storage::ReadOutcome::loss) {
            report.losses.push_back(journal.loss().text());
            continue;
        }
        if (const auto* frame = std::get_if<engine::FrameReceived>(&event.body)) {
            ++report.frames;
            count_unknown_fields(frame->text, exchange::venue_of(frame->connection), report);
        }
        if (std::holds_alternative<engine::Replied>(event.body)) ++report.replies;
        if (std::holds_alternative<engine::Closed>(event.body)) ++report.closes;
        effects.clear();
        engine.step(event, effects);
        for (const engine::Effect& effect : effects) {
            if (const auto* rejected = std::get_if<exchange::Rejected>(&effect)) {
                count(report.refused, rejected->source + ": " + rejected->what);
            }
            const auto* change = std::get_if<exchange::StreamChanged>(&effect);
            if (change != nullptr && change->state == exchange::StreamState::resyncing &&
                change->stream == market::Stream::book && change->reason != "subscribing") {
                count(report.resyncs, change->reason);
            }
        }
    }
    return report;
}

}  // namespace vt::runtime
