#pragma once

#include "trading/order.hpp"
#include "trading/report.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vt::execution {

enum class OrderOutcome : std::uint8_t {
    sent,
    accepted,   ///< the venue has it, or filled it
    filled,     ///< whole
    cancelled,  ///< perhaps filled in part before
    rejected,   ///< refused, or proven never to have arrived
    unknown,    ///< no answer: it is asked for
};
[[nodiscard]] std::string_view name(OrderOutcome outcome);

/// How many orders of this run came to what, by what they were for. One that goes on from an earlier run was not sent
/// in this one. Each order counts once for an outcome, but for `unknown`, to which it may come again.
class OrderCounts {
public:
    static constexpr std::size_t kPurposes = static_cast<std::size_t>(trading::Purpose::emergency) + 1;
    static constexpr std::size_t kOutcomes = static_cast<std::size_t>(OrderOutcome::unknown) + 1;
    static constexpr std::size_t kRefusalCodes = static_cast<std::size_t>(trading::RefusalCode::other) + 1;

    void count(trading::Purpose purpose, OrderOutcome outcome);
    /// What is known of an order now and was not before.
    void count_change(const trading::Order::Facts& before, const trading::Order::Facts& now);
    /// The venue refused a new order.
    void count_refusal(trading::RefusalCode code);

    [[nodiscard]] std::uint64_t of(trading::Purpose purpose, OrderOutcome outcome) const;
    [[nodiscard]] std::uint64_t refusals(trading::RefusalCode code) const;

private:
    std::array<std::array<std::uint64_t, kOutcomes>, kPurposes> counts_{};
    std::array<std::uint64_t, kRefusalCodes> refusals_{};
};

}  // namespace vt::execution
