#pragma once

#include "base/time.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace vt::analysis::sentiment {

/// Price and open interest of one instant, as logarithms. Open interest in coins: at a constant price, by definition.
struct InterestPoint {
    Timestamp at;
    double log_price = 0;
    double log_interest = 0;
    bool is_kline = false;  ///< from the venue's history: a candle's close beside a sample of five minutes

    template <class Archive>
    void archive(Archive& a) {
        a(at, log_price, log_interest, is_kline);
    }
};

/// The last four hours of price and open interest by the minute: of the ticker at each minute's end, and of the
/// venue's history where the ticker was not seen.
///   cost: O(1), before() O(minutes of tolerance); 20 kB
class OpenInterestPath {
public:
    static constexpr Nanos kHistoryStep = std::chrono::minutes{5};

    OpenInterestPath();

    /// A minute that the program saw itself. in: both > 0
    InterestPoint put(Timestamp at, double price, double interest);
    /// The close of a 5-minute candle that ends at `at`, and a sample of the venue's history. Each waits for the
    /// other.
    ///   out: the point they make, unless that minute is known already
    std::optional<InterestPoint> put_close(Timestamp at, double price);
    std::optional<InterestPoint> put_sample(Timestamp at, double interest);

    [[nodiscard]] const InterestPoint* newest() const { return newest_ ? at(*newest_) : nullptr; }
    [[nodiscard]] const InterestPoint* at(Timestamp time) const;
    /// The newest point in [time - tolerance, time]. in: whole minutes
    [[nodiscard]] const InterestPoint* before(Timestamp time, Nanos tolerance) const;
    void clear();
    /// What comes next is of another session, at other prices and with other coins open: the path so far is moved to
    /// where the next point of the ticker is, so that no step lies between; until then it is not known. Not archived.
    void join_to_next();

    template <class Archive>
    void archive(Archive& a) {
        // As lists, not by slot: a shift in time moves the slots.
        std::vector<InterestPoint> points = kept(points_);
        std::vector<Half> closes = kept(closes_);
        std::vector<Half> samples = kept(samples_);
        a(points, closes, samples);
        if constexpr (Archive::kIsReader) {
            clear();
            for (const InterestPoint& point : points) place(point);
            for (const Half& close : closes) closes_[half_slot(close.at)] = close;
            for (const Half& sample : samples) samples_[half_slot(sample.at)] = sample;
        }
    }

private:
    struct Half {
        Timestamp at;
        double value = 0;
        template <class Archive>
        void archive(Archive& a) {
            a(at, value);
        }
    };
    static constexpr std::size_t kMinutes = 256;  // four hours and a tolerance
    static constexpr std::size_t kHalves = 256;   // 21 hours: what the venues' history reaches back

    template <class Item>
    [[nodiscard]] static std::vector<Item> kept(const std::vector<Item>& slots) {
        std::vector<Item> items;
        for (const Item& item : slots) {
            if (item.at != Timestamp{}) items.push_back(item);
        }
        return items;
    }
    [[nodiscard]] static std::size_t slot(Timestamp at);
    [[nodiscard]] static std::size_t half_slot(Timestamp at);
    void place(const InterestPoint& point);
    std::optional<InterestPoint> join(Timestamp at);
    void move_to(const InterestPoint& next);

    std::vector<InterestPoint> points_;
    std::vector<Half> closes_, samples_;
    std::optional<Timestamp> newest_;
    bool joins_to_next_ = false;
};

}  // namespace vt::analysis::sentiment
