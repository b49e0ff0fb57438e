// The part of the feed between the catalogue and the first frame: selection and connections.

#include "exchange/bybit/feed_parts.hpp"

#include <algorithm>

namespace vt::exchange::bybit {
namespace {

bool is_valid_depth(std::uint32_t depth) { return depth == 1 || depth == 50 || depth == 200 || depth == 1000; }

std::uint32_t depth_for(const FeedParams& params, const std::string& symbol) {
    const auto named = std::find_if(params.depths.begin(), params.depths.end(),
                                    [&](const NamedDepth& depth) { return depth.symbol == symbol; });
    const std::uint32_t depth = named == params.depths.end() ? params.depth : named->depth;
    return is_valid_depth(depth) ? depth : 50;
}

}  // namespace

std::vector<market::Instrument> select(const FeedParams& params, const std::vector<market::Instrument>& catalogue,
                                       const std::vector<TickerRow>& tickers, std::vector<std::string>& missing) {
    std::vector<market::Instrument> chosen;
    if (!params.symbols.empty()) {
        for (const std::string& symbol : params.symbols) {
            const auto found =
                std::find_if(catalogue.begin(), catalogue.end(), [&](const market::Instrument& instrument) {
                    return instrument.symbol == symbol && instrument.is_trading();
                });
            const bool is_repeated =
                std::any_of(chosen.begin(), chosen.end(),
                            [&](const market::Instrument& instrument) { return instrument.symbol == symbol; });
            if (found == catalogue.end())
                missing.push_back(symbol);
            else if (!is_repeated)
                chosen.push_back(*found);
        }
        return chosen;
    }
    struct Candidate {
        double turnover = 0;
        const market::Instrument* instrument = nullptr;
    };
    std::map<std::string_view, double> turnovers;
    for (const TickerRow& row : tickers) turnovers[row.symbol] = row.turnover_24h_quote;
    std::vector<Candidate> candidates;
    for (const market::Instrument& instrument : catalogue) {
        const auto turnover = turnovers.find(instrument.symbol);
        const bool fits = instrument.is_trading() && instrument.kind() == market::ContractKind::perpetual &&
                          instrument.quote == "USDT" && instrument.settle == "USDT";
        if (fits && turnover != turnovers.end()) candidates.push_back({turnover->second, &instrument});
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.turnover != b.turnover ? a.turnover > b.turnover : a.instrument->symbol < b.instrument->symbol;
    });
    for (const Candidate& candidate : candidates) {
        if (chosen.size() == params.top_n) break;
        chosen.push_back(*candidate.instrument);
    }
    return chosen;
}

std::vector<Topic> topics_of(const FeedParams& params, const std::string& symbol, market::InstrumentId id) {
    std::vector<Topic> topics;
    const std::string depth = std::to_string(depth_for(params, symbol));
    topics.push_back({"orderbook." + depth + "." + symbol, id, market::Stream::book});
    if (params.topics.trades) topics.push_back({"publicTrade." + symbol, id, market::Stream::trades});
    if (params.topics.ticker) topics.push_back({"tickers." + symbol, id, market::Stream::ticker});
    if (params.topics.liquidations) topics.push_back({"allLiquidation." + symbol, id, market::Stream::liquidations});
    if (params.topics.candles) topics.push_back({"kline.1." + symbol, id, market::Stream::candles});
    return topics;
}

void Feed::Impl::enter(Timestamp now, Output& out) {
    if (phase == FeedPhase::selected) open_connections(now, out);
}

void Feed::Impl::open_connections(Timestamp now, Output& out) {
    phase = FeedPhase::running;
    const std::size_t for_each = std::max(1U, params.symbols_per_connection);
    std::vector<std::vector<Topic>> groups;
    std::vector<std::vector<std::string>> symbols;
    std::size_t row_count = 0;
    for (const market::Instrument& instrument : chosen) {
        const auto id = directory.find(market::Venue::bybit, market::Category::linear, instrument.symbol);
        if (!id) {
            out.rejections.push_back({"bybit catalogue", "'" + instrument.symbol + "' was announced but not listed"});
            continue;
        }
        if (instruments.size() % for_each == 0) {
            groups.emplace_back();
            symbols.emplace_back();
        }
        instruments.push_back(*id);
        symbols.back().push_back(instrument.symbol);
        for (Topic& topic : topics_of(params, instrument.symbol, *id)) {
            groups.back().push_back(std::move(topic));
            ++row_count;
        }
    }
    statuses.resize(row_count);
    std::size_t first = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const std::span<StreamStatus> rows = std::span(statuses).subspan(first, groups[i].size());
        first += groups[i].size();
        const SessionParams session{
            .connection = connection_id(market::Venue::bybit, static_cast<std::uint32_t>(i + 1)),
            .times = params.times};
        connections.push_back(
            {std::make_unique<Session>(session, std::move(groups[i]), rows), std::move(symbols[i]), std::nullopt});
        connections.back().session->start(now, out);
    }
}

}  // namespace vt::exchange::bybit
