#pragma once

#include "base/math.hpp"
#include "base/ring.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <optional>

namespace vt::analysis::order_flow {

/// The last events of one kind, each pointing up or down with a strength that halves with age.
class DecayingEvents {
public:
    struct Event {
        Timestamp time;
        double signed_strength = 0;
        std::optional<double> price;  ///< quote currency, of an event that happened at one
        template <class Archive>
        void archive(Archive& a) {
            a(time, signed_strength, price);
        }
    };
    explicit DecayingEvents(std::size_t limit) : events_(limit) {}

    /// When full, the oldest event is forgotten.
    void add(Timestamp time, double signed_strength, std::optional<double> price = std::nullopt) {
        events_.push({time, signed_strength, price});
    }
    [[nodiscard]] bool empty() const { return events_.empty(); }
    [[nodiscard]] std::size_t size() const { return events_.size(); }
    /// index 0 is the oldest.
    [[nodiscard]] const Event& operator[](std::size_t index) const { return events_[index]; }
    [[nodiscard]] const Event& newest() const { return events_.back(); }
    [[nodiscard]] Event& newest() { return events_.back(); }
    /// tanh of sum strength 2^(-age/half_life), oldest first. cost: O(events)
    [[nodiscard]] double strength(Timestamp u, Nanos half_life) const {
        double sum = 0;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            const double age = to_seconds(u - events_[i].time) / to_seconds(half_life);
            if (age < kForgotten) sum += events_[i].signed_strength * math::exp2(-age);
        }
        return math::tanh(sum);
    }
    void clear() { events_.clear(); }

    template <class Archive>
    void archive(Archive& a) {
        a(events_);
    }

private:
    static constexpr double kForgotten = 30;  // half-lives: less than 1e-9 of it is left
    Ring<Event> events_;
};

}  // namespace vt::analysis::order_flow
