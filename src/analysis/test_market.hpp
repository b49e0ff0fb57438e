#pragma once

// For tests only: a small made-up market whose records are plain data, so that a slow reference can read them too.

#include "analysis/test_stream.hpp"
#include "base/prng.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

namespace vt::analysis::test {

inline market::Instrument made_up_instrument(std::string base = "XYZ") {
    market::Instrument instrument;
    instrument.symbol = base + "USDT";
    instrument.base = std::move(base);
    instrument.quote = instrument.settle = "USDT";
    instrument.tick_size = {1, 2};
    instrument.lot_size = {1, 2};
    return instrument;
}

/// Prices near 200.00 in steps of 0.01; levels on 60 ticks of each side; sizes around 30 lots-of-0.01 hundreds.
class Market {
public:
    explicit Market(std::uint64_t seed, std::uint32_t depth = 50) : random_(seed, "market"), depth_(depth) {}

    struct Second {
        double trades = 2;       ///< mean prints
        double buy_share = 0.5;  ///< of the parents
        double move_ticks = 1;   ///< standard deviation of the mid's step
        int book_updates = 2;
        double size_factor = 1;
        double drift_ticks = 0;  ///< of the mid at each book update
    };
    /// Appends one second of records that starts at `at`.
    void second(Timestamp at, const Second& how, std::vector<Record>& out) {
        if (bids_.empty()) snapshot(at, out);
        std::vector<std::int64_t> book_times = times(how.book_updates);
        std::vector<std::int64_t> trade_times = times(count(how.trades));
        std::size_t trade = 0;
        for (const std::int64_t ms : book_times) {
            for (; trade < trade_times.size() && trade_times[trade] < ms; ++trade)
                print(at, trade_times[trade], how, out);
            move(static_cast<std::int64_t>(std::llround(random_.normal() * how.move_ticks + how.drift_ticks)));
            update(at + std::chrono::milliseconds{ms}, out);
        }
        for (; trade < trade_times.size(); ++trade) print(at, trade_times[trade], how, out);
    }
    void lose_book(Timestamp at, std::vector<Record>& out) {
        out.push_back({at, BookLost{}, ++sequence_});
        bids_.clear();
        asks_.clear();
    }
    [[nodiscard]] std::int64_t mid() const { return mid_; }

private:
    static constexpr std::int64_t kReach = 60;

    int count(double mean) {
        int n = 0;
        for (double t = random_.exponential(); t < mean; t += random_.exponential()) ++n;
        return n;
    }
    std::vector<std::int64_t> times(int n) {
        std::vector<std::int64_t> result;
        for (int i = 0; i < n; ++i) result.push_back(static_cast<std::int64_t>(random_.below(1000)));
        std::sort(result.begin(), result.end());
        return result;
    }
    std::int64_t size() { return 50 + static_cast<std::int64_t>(random_.below(400)); }

    void snapshot(Timestamp at, std::vector<Record>& out) {
        OwnedUpdate update{.is_snapshot = true, .depth = depth_};
        for (std::int64_t i = 1; i <= kReach; ++i) {
            update.bids.push_back({Ticks{mid_ - i}, Lots{bids_[mid_ - i] = size()}});
            update.asks.push_back({Ticks{mid_ + i}, Lots{asks_[mid_ + i] = size()}});
        }
        publish(at, std::move(update), out);
    }
    void move(std::int64_t ticks) {
        mid_ = std::max<std::int64_t>(10'000, mid_ + std::clamp<std::int64_t>(ticks, -20, 20));
    }
    /// Brings the book in line with the mid and changes a few sizes.
    void update(Timestamp at, std::vector<Record>& out) {
        std::map<std::int64_t, std::int64_t> bid_changes;
        std::map<std::int64_t, std::int64_t> ask_changes;
        align(bids_, bid_changes, mid_ - kReach, mid_ - 1);
        align(asks_, ask_changes, mid_ + 1, mid_ + kReach);
        for (int i = 0; i < 3; ++i) {
            const std::int64_t bid = mid_ - 1 - static_cast<std::int64_t>(random_.below(12));
            const std::int64_t ask = mid_ + 1 + static_cast<std::int64_t>(random_.below(12));
            bid_changes[bid] = bids_[bid] = size();
            ask_changes[ask] = asks_[ask] = size();
        }
        OwnedUpdate update{.depth = depth_};
        for (const auto& [price, lots] : bid_changes) update.bids.push_back({Ticks{price}, Lots{lots}});
        for (const auto& [price, lots] : ask_changes) update.asks.push_back({Ticks{price}, Lots{lots}});
        publish(at, std::move(update), out);
    }
    void align(std::map<std::int64_t, std::int64_t>& side, std::map<std::int64_t, std::int64_t>& changes,
               std::int64_t low, std::int64_t high) {
        for (auto at = side.begin(); at != side.end();) {
            if (at->first < low || at->first > high) {
                changes[at->first] = 0;
                at = side.erase(at);
            } else {
                ++at;
            }
        }
        for (std::int64_t price = low; price <= high; ++price) {
            if (!side.contains(price)) changes[price] = side[price] = size();
        }
    }
    void publish(Timestamp at, OwnedUpdate update, std::vector<Record>& out) {
        out.push_back({at, std::move(update), ++sequence_});
        out.push_back({at,
                       market::BestQuote{.bid = {Ticks{bids_.rbegin()->first}, Lots{bids_.rbegin()->second}},
                                         .ask = {Ticks{asks_.begin()->first}, Lots{asks_.begin()->second}}},
                       ++sequence_});
    }
    void print(Timestamp at, std::int64_t ms, const Second& how, std::vector<Record>& out) {
        const bool is_buy = random_.uniform() < how.buy_share;
        // Some parents sweep several levels within a few milliseconds.
        const auto fills = static_cast<std::int64_t>(random_.below(4)) / 3 * 2 + 1;
        for (std::int64_t i = 0; i < fills; ++i) {
            const std::int64_t price = is_buy ? mid_ + 1 + i : mid_ - 1 - i;
            const double lots = 20 * how.size_factor * random_.exponential() + 1;
            out.push_back({at + std::chrono::milliseconds{std::min<std::int64_t>(999, ms + i * 10)},
                           market::Trade{.price = Ticks{price},
                                         .quantity = Lots{static_cast<std::int64_t>(lots)},
                                         .aggressor = is_buy ? market::Side::buy : market::Side::sell},
                           ++sequence_});
        }
    }

    Prng random_;
    std::uint32_t depth_;
    std::int64_t mid_ = 20'000;
    std::map<std::int64_t, std::int64_t> bids_, asks_;
    std::uint64_t sequence_ = 0;
};

/// 2023-11-14 22:00:00 UTC.
inline constexpr Timestamp kStart = from_ms(1'699'999'200'000);

inline void sort_by_time(std::vector<Record>& records) {
    std::stable_sort(records.begin(), records.end(),
                     [](const Record& a, const Record& b) { return a.time < b.time; });
}

inline std::vector<Record> made_up_records(std::uint64_t seed, int seconds, const Market::Second& how = {},
                                           std::uint32_t depth = 50) {
    Market market(seed, depth);
    std::vector<Record> records;
    for (int i = 0; i < seconds; ++i) market.second(kStart + std::chrono::seconds{i}, how, records);
    sort_by_time(records);
    return records;
}

}  // namespace vt::analysis::test
