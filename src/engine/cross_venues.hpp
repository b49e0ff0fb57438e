#pragma once

#include "base/ring.hpp"
#include "base/time.hpp"
#include "indicators/hayashi_yoshida.hpp"
#include "market/cross_venue.hpp"
#include "market/instrument.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace vt::engine {

/// Which of two venues moves first, of one thing that both trade, over the last hour.
struct VenueLead {
    market::InstrumentId first;   ///< of the two, the preferred one
    market::InstrumentId second;  ///< the same on another venue
    Timestamp at;                 ///< the second at which it was judged
    double coverage = 0;          ///< share of the hour's seconds in which both mids were known
    /// Where the mids agree most; a positive lag: `second` follows. Absent: too little is known, or a mid stood
    /// still.
    std::optional<indicators::LeadLag> agreement;
    std::optional<market::InstrumentId> leader;  ///< absent: neither leads beyond chance
};

/// What only several venues together say: which instruments are of one coin, and who leads whom. Mids are kept on
/// each venue's own grid of whole seconds, an hour for each instrument that another venue trades too.
///   cost: a record O(1); each pair once in ten minutes O(3600 x lags), each in a second of its own as long as there
///         are at most 600; 29 kB an instrument that has a counterpart
class CrossVenues {
public:
    static constexpr Nanos kWindow = std::chrono::hours{1};
    static constexpr Nanos kEvery = std::chrono::minutes{10};
    static constexpr Nanos kStep = std::chrono::seconds{1};
    static constexpr int kSteps = 5;
    static constexpr std::size_t kMinSeconds = 600;  ///< in which both mids were known; fewer say nothing
    static constexpr double kMinDeviations = 3;      ///< of the difference between leading and following from chance

    /// Something was listed, or its terms changed: the map is made anew at the next refresh().
    void on_listed() { is_current_ = false; }
    void refresh(std::span<const market::Instrument> instruments);
    [[nodiscard]] const market::CrossVenueMap& map() const { return map_; }

    /// An instrument's mid at a whole second by its venue's times. in: absent where it is not known or not live
    void record(market::InstrumentId instrument, Timestamp second, const std::optional<double>& mid);
    [[nodiscard]] std::span<const VenueLead> leads() const { return leads_; }
    /// The pairs that an instrument is the first of.
    [[nodiscard]] std::span<const VenueLead> leads_of(market::InstrumentId first) const;

private:
    /// A logarithm of the mid against the first one: 24 bits of it are a millionth of a basis point.
    struct Point {
        std::uint32_t second = 0;  ///< since 1970
        float log_change = 0;
    };
    struct Path {
        Ring<Point> points{static_cast<std::size_t>(kWindow / kStep)};
        std::optional<double> first_mid;
    };
    void judge(VenueLead& lead, Timestamp second);
    void take_common(const Path& first, const Path& second, Timestamp until);

    market::CrossVenueMap map_;
    bool is_current_ = true;
    std::vector<std::optional<Path>> paths_;             ///< by instrument id
    std::vector<VenueLead> leads_;                       ///< by first, then second
    std::vector<indicators::PathPoint> first_, second_;  ///< scratch
};

}  // namespace vt::engine
