// The part of the feed between the choice and the first frame: topics and connections.

#include "exchange/bybit/feed_parts.hpp"

#include <algorithm>

namespace vt::exchange::bybit {
namespace {

std::uint32_t depth_for(const FeedParams& params, const std::string& symbol) {
    const auto named = std::find_if(params.depths.begin(), params.depths.end(),
                                    [&](const NamedDepth& depth) { return depth.symbol == symbol; });
    const std::uint32_t depth = named == params.depths.end() ? params.depth : named->depth;
    return std::find(kBookDepths.begin(), kBookDepths.end(), depth) != kBookDepths.end() ? depth : 50;
}

std::string path_of(market::Category category) { return "/v5/public/" + std::string(market::name(category)); }

}  // namespace

std::vector<Topic> topics_of(const FeedParams& params, const market::Instrument& instrument,
                             market::InstrumentId id) {
    std::vector<Topic> topics;
    const std::string& symbol = instrument.symbol;
    const std::string depth = std::to_string(depth_for(params, symbol));
    const bool has_liquidations = instrument.category != market::Category::spot;
    topics.push_back({"orderbook." + depth + "." + symbol, id, market::Stream::book});
    if (params.topics.trades) topics.push_back({"publicTrade." + symbol, id, market::Stream::trades});
    if (params.topics.ticker) topics.push_back({"tickers." + symbol, id, market::Stream::ticker});
    if (params.topics.liquidations && has_liquidations)
        topics.push_back({"allLiquidation." + symbol, id, market::Stream::liquidations});
    if (params.topics.candles) topics.push_back({"kline.1." + symbol, id, market::Stream::candles});
    return topics;
}

SessionTimes times_for(market::Category category, SessionTimes times) {
    if (category != market::Category::spot) return times;
    constexpr Nanos kQuiet = std::chrono::seconds{60};
    times.data_stale_after = std::max(times.data_stale_after, times.silence_timeout);
    times.ticker_silence = std::max(times.ticker_silence, kQuiet);
    times.joint_silence = std::max(times.joint_silence, kQuiet);
    times.data_silence_timeout = std::max(times.data_silence_timeout, kQuiet);
    return times;
}

void Feed::Impl::enter(Timestamp now, Output& out) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!parts[i].announced.empty()) open_connections(i, now, out);
    }
}

// The sessions write into the rows: when the rows move, the sessions are told.
void Feed::Impl::add_rows(std::size_t count) {
    statuses.resize(statuses.size() + count);
    std::size_t first = 0;
    for (FeedConnection& connection : connections) {
        const std::size_t rows = connection.session->topics().size();
        connection.session->move_statuses(std::span(statuses).subspan(first, rows));
        first += rows;
    }
}

void Feed::Impl::open_connections(std::size_t part_index, Timestamp now, Output& out) {
    FeedPart& part = parts[part_index];
    const std::vector<std::string> announced = std::exchange(part.announced, {});
    const std::size_t for_each = std::max(1U, params.symbols_per_connection);
    std::vector<std::vector<Topic>> groups;
    std::vector<std::vector<std::string>> symbols;
    std::size_t count = 0;
    for (const std::string& symbol : announced) {
        const auto id = directory.find(market::Venue::bybit, part.category, symbol);
        if (!id) {
            out.rejections.push_back({"bybit catalogue", "'" + symbol + "' was announced but not listed"});
            continue;
        }
        if (count++ % for_each == 0) {
            groups.emplace_back();
            symbols.emplace_back();
        }
        instruments.push_back(*id);
        symbols.back().push_back(symbol);
        for (Topic& topic : topics_of(params, directory[*id], *id)) groups.back().push_back(std::move(topic));
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const std::size_t rows = groups[i].size();
        add_rows(rows);
        const SessionParams session{
            .connection = connection_id(market::Venue::bybit, static_cast<std::uint32_t>(connections.size() + 1)),
            .path = path_of(part.category),
            .times = times_for(part.category, params.times)};
        connections.push_back(
            {part_index, std::make_unique<Session>(session, std::move(groups[i]), std::span(statuses).last(rows)),
             std::move(symbols[i]), std::nullopt});
        connections.back().session->start(now, out);
    }
}

}  // namespace vt::exchange::bybit
