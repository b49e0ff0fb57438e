#pragma once

#include "engine/engine.hpp"
#include "views/snapshot.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::views {

/// What the engine does not know about the program around it.
struct Surroundings {
    Timestamp now;  ///< of the newest input
    std::uint64_t dropped = 0;
    std::vector<std::string> hindrances = {};  ///< why a venue is not asked now: "bybit is not asked for 600 s: ..."
    std::vector<TierRow> tiers = {};           ///< of the cache
};

/// Makes snapshots of an engine between two of its steps. What did not change since the last one is shared with it.
///   cost: O(symbols); a symbol that changed: its tape, 25 levels a side, when a candle closed, its closed candles,
///         and once a minute what moves with the minute
class Builder {
public:
    explicit Builder(MarketMode mode) : mode_(mode) {}

    /// What trading said in the newest step.
    void hear(const engine::TradingStep& step) { talk_.hear(step); }
    [[nodiscard]] std::shared_ptr<const Snapshot> build(const engine::Engine& engine,
                                                        const Surroundings& surroundings);

private:
    struct Known {
        std::uint64_t revision = 0;
        std::uint64_t liquidation_count = 0;
        std::uint64_t minute_revision = 0;
        std::shared_ptr<const SymbolDetail> detail;
        std::shared_ptr<const BetaView> beta;
        std::array<std::size_t, market::kTimeframes.size()> closed_sizes{};
        std::array<std::optional<Timestamp>, market::kTimeframes.size()> last_closed{};
    };
    [[nodiscard]] Row row_of(const engine::Symbol& symbol, Timestamp now) const;
    void refresh_detail(Known& known, const engine::Symbol& symbol) const;
    static void refresh_beta(Known& known, const engine::Symbol& symbol);
    static void share_slow_parts(Known& known, const engine::Symbol& symbol, SymbolDetail& detail);

    void refresh_signals(const engine::Engine& engine, Timestamp now);

    MarketMode mode_;
    std::vector<Known> known_;
    std::optional<Timestamp> started_;
    std::uint64_t publications_ = 0;
    std::shared_ptr<const std::vector<signals::Signal>> signals_;
    Timestamp signals_at_;
    TradingTalk talk_;
};

/// One row for each coin that has a price anywhere, by the rule of market::one_of_each_coin.
///   out: in the order of the rows, which they point into
[[nodiscard]] std::vector<const Row*> preferred_rows(const std::vector<Row>& rows);
/// The market as a whole, from its rows.
[[nodiscard]] MarketOverview overview_of(const std::vector<Row>& rows);

}  // namespace vt::views
