#include "runtime/live_smoke.hpp"

#include "engine/engine.hpp"
#include "runtime/engine_params.hpp"

#include <algorithm>
#include <span>
#include <variant>

namespace vt::runtime {
namespace {

constexpr std::size_t kMostNames = 500;  ///< of one list: what is behind it is counted under "(others)"

constexpr std::string_view kEnvelope[] = {"topic",   "type",    "ts",     "data", "cs",    "cts",
                                          "success", "ret_msg", "result", "id",   "error", "code",
                                          "msg",     "conn_id", "req_id", "op",   "args"};
constexpr std::string_view kBook[] = {"s", "b", "a", "u", "seq"};
constexpr std::string_view kTrade[] = {"T",  "s",   "S",   "v",  "p",  "L",   "i",
                                       "BT", "RPI", "seq", "mP", "iP", "mIv", "iv"};
constexpr std::string_view kTicker[] = {"symbol",
                                        "tickDirection",
                                        "price24hPcnt",
                                        "lastPrice",
                                        "prevPrice24h",
                                        "highPrice24h",
                                        "lowPrice24h",
                                        "prevPrice1h",
                                        "markPrice",
                                        "indexPrice",
                                        "openInterest",
                                        "openInterestValue",
                                        "singleOpenInterest",
                                        "singleOpenInterestValue",
                                        "turnover24h",
                                        "volume24h",
                                        "nextFundingTime",
                                        "fundingRate",
                                        "bid1Price",
                                        "bid1Size",
                                        "ask1Price",
                                        "ask1Size",
                                        "deliveryTime",
                                        "basisRate",
                                        "deliveryFeeRate",
                                        "predictedDeliveryPrice",
                                        "preOpenPrice",
                                        "preQty",
                                        "curPreListingPhase",
                                        "fundingIntervalHour",
                                        "fundingCap",
                                        "basisRateYear",
                                        "basis",
                                        "usdIndexPrice"};
constexpr std::string_view kCandle[] = {"start", "end",    "interval", "open",    "close",    "high",
                                        "low",   "volume", "turnover", "confirm", "timestamp"};
constexpr std::string_view kLiquidation[] = {"T", "s", "S", "v", "p"};

std::span<const std::string_view> documented(std::string_view kind) {
    if (kind == "orderbook") return kBook;
    if (kind == "publicTrade") return kTrade;
    if (kind == "tickers") return kTicker;
    if (kind == "kline") return kCandle;
    if (kind == "allLiquidation") return kLiquidation;
    return {};
}

/// The text after `mark`, up to the next dot or quote.
std::string_view text_after(std::string_view frame, std::string_view mark) {
    const std::size_t at = frame.find(mark);
    if (at == std::string_view::npos) return {};
    const std::string_view text = frame.substr(at + mark.size(), 40);
    return text.substr(0, text.find_first_of(".\""));
}

/// Bybit's topic, Binance's event, "control" for what answers us, "other" for the rest.
std::string_view kind_of(std::string_view frame) {
    if (const auto topic = text_after(frame, "\"topic\":\""); !topic.empty()) return topic;
    if (const auto event = text_after(frame, "\"e\":\""); !event.empty()) return event;
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

void count_unknown_fields(std::string_view frame, SmokeReport& report) {
    const std::string_view kind = kind_of(frame);
    count(report.frames_by_kind, std::string(kind));
    // Binance's events are counted, not compared: some share their names with Bybit's topics.
    const bool is_topic = !text_after(frame, "\"topic\":\"").empty();
    const auto known = is_topic ? documented(kind) : std::span<const std::string_view>{};
    if (known.empty() && kind != "control") return;
    for_each_name(frame, [&](std::string_view name) {
        const bool is_known = std::find(known.begin(), known.end(), name) != known.end() ||
                              std::find(std::begin(kEnvelope), std::end(kEnvelope), name) != std::end(kEnvelope);
        if (!is_known) count(report.unknown_fields, std::string(kind) + "." + std::string(name.substr(0, 40)));
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
            count_unknown_fields(frame->text, report);
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
