#pragma once

#include "analysis/frame.hpp"
#include "analysis/refuse_unless.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "market/time_ring.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::analysis::liquidity {

enum class BarSize : std::uint8_t { m5, m30, h4 };
inline constexpr std::array kBarSizes{BarSize::m5, BarSize::m30, BarSize::h4};
[[nodiscard]] constexpr Frame frame_of(BarSize size) {
    switch (size) {
        case BarSize::m5: return Frame::m5;
        case BarSize::m30: return Frame::m30;
        case BarSize::h4: return Frame::h4;
    }
    return Frame::m5;
}
[[nodiscard]] constexpr Nanos interval_of(BarSize size) { return duration(frame_of(size)); }
[[nodiscard]] std::optional<BarSize> bar_size_of(Nanos interval);

/// A closed bar. Prices and turnover in quote currency, volume in base.
struct PriceBar {
    Timestamp close_time;
    double open = 0;
    double high = 0;
    double low = 0;
    double close = 0;
    double volume = 0;
    double turnover = 0;
    bool operator==(const PriceBar&) const = default;
    /// Prices in order and positive, amounts not negative, all of them numbers that can be worked with.
    [[nodiscard]] bool is_possible() const {
        constexpr double kMost = 1e15;
        return low > 0 && low <= open && open <= high && low <= close && close <= high && high < kMost &&
               volume >= 0 && volume < kMost && turnover >= 0 && turnover < kMost * kMost;
    }

    template <class Archive>
    void archive(Archive& a) {
        a(close_time, open, high, low, close, volume, turnover);
        refuse_unless(a, is_possible());
    }
};

/// The closed bars of an instrument in three sizes, handed on in the order in which they became known: by closing
/// time, of one instant the shorter first, each kSettle after its close (the sizes arrive apart, and the venue
/// corrects them). A backfill brings the sizes one after the other, so a bar that comes after its turn makes
/// everything start anew.
class BarHistory {
public:
    using Bars = market::TimeRing<PriceBar, &PriceBar::close_time>;
    static constexpr Nanos kSettle = std::chrono::seconds{10};
    /// 3, 8 and 15 days.
    static constexpr std::array<std::size_t, kBarSizes.size()> kKept{864, 384, 90};

    /// Takes a closed candle of one of the sizes, in any order; others are ignored. cost: O(1) for the newest
    void put(const market::Candle& candle);

    /// Calls visit(size, bar) for each bar due at u that was not visited yet; restart() first if all must be visited
    /// anew.
    ///   cost: O(bars visited); bars older than what is kept are gone
    template <class Restart, class Visit>
    void advance(Timestamp u, Restart&& restart, Visit&& visit) {
        if (must_restart_) {
            must_restart_ = false;
            visited_.reset();
            restart();
        }
        while (const auto size = next_due(u)) {
            const Bars& bars = bars_[index(*size)];
            const PriceBar bar = bars[first_unvisited(*size)];
            visited_ = Turn{bar.close_time, *size};
            visit(*size, bar);
        }
    }
    /// Those handed on and those that wait.
    [[nodiscard]] const Bars& operator[](BarSize size) const { return bars_[index(size)]; }
    /// Calls visit(bar) for the bars that closed in (until - span, until], oldest first. cost: O(log kept + bars)
    template <class Visit>
    void visit_span(BarSize size, Timestamp until, Nanos span, Visit&& visit) const {
        const Bars& bars = bars_[index(size)];
        for (std::size_t i = bars.lower_bound(until - span + Nanos{1});
             i < bars.size() && bars[i].close_time <= until; ++i) {
            visit(bars[i]);
        }
    }
    void clear();

    template <class Archive>
    void archive(Archive& a) {
        for (Bars& bars : bars_) archive_bars(a, bars);
        a(visited_, must_restart_);
    }

private:
    /// A bar's place in the order of handing on.
    struct Turn {
        Timestamp close_time;
        BarSize size = BarSize::m5;
        auto operator<=>(const Turn&) const = default;
        template <class Archive>
        void archive(Archive& a) {
            a(close_time, size);
            refuse_unless(a, size <= BarSize::h4);
        }
    };
    [[nodiscard]] static std::size_t index(BarSize size) { return static_cast<std::size_t>(size); }
    [[nodiscard]] std::size_t first_unvisited(BarSize size) const;
    [[nodiscard]] std::optional<BarSize> next_due(Timestamp u) const;

    template <class Archive>
    static void archive_bars(Archive& a, Bars& bars) {
        auto count = static_cast<std::uint32_t>(bars.size());
        a(count);
        if constexpr (Archive::kIsReader) {
            bars.clear();
            if (count > bars.capacity()) return a.fail();
            for (std::uint32_t i = 0; i < count && !a.failed(); ++i) {
                PriceBar bar;
                a(bar);
                bars.put(bar);
            }
        } else {
            for (std::uint32_t i = 0; i < count; ++i) a(bars[i]);
        }
    }

    std::array<Bars, kBarSizes.size()> bars_{Bars{kKept[0]}, Bars{kKept[1]}, Bars{kKept[2]}};
    std::optional<Turn> visited_;
    bool must_restart_ = false;
};

}  // namespace vt::analysis::liquidity
