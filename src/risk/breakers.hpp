#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "risk/check.hpp"
#include "risk/params.hpp"
#include "risk/trading_state.hpp"
#include "trading/money.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::risk {

/// The first instant of the week of UTC, a Monday's, that holds `at`.
[[nodiscard]] Timestamp week_of(Timestamp at);

/// What has become of the equity, and what follows from it.
///
/// Invariant: no loss falls between two days: a day and a week begin with the last mark of the one before. A loss
/// that reached its limit stays so until the day or week ends, whatever comes after.
class Breakers {
public:
    /// A day's or a week's equity.
    struct Span {
        Timestamp begins_at;
        trading::Money first;
        trading::Money lowest;
        /// The most that was lost of the first. out: 0..1, above 1 where more than all is lost
        [[nodiscard]] double loss() const;
    };

    explicit Breakers(const Params& params);

    /// What the account is worth: wallet, and what is open at the mark price. One older than the last is not taken.
    void on_equity(Timestamp at, trading::Money equity);
    /// Paid in (positive) or out: no gain and no loss. The levels that losses are measured from move in proportion.
    ///   in: before the first mark that holds it
    void on_transfer(trading::Money amount);
    /// A position was closed with this result, fees and funding taken off.
    void on_trade_closed(Timestamp at, trading::Money net);
    /// A request that the venue did not answer, or failed at.
    void on_request_failed(Timestamp at);
    /// The drawdown begins anew from the equity as it is: somebody took note of it and goes on.
    void begin_anew();

    /// out: absent before the first mark
    [[nodiscard]] const std::optional<trading::Money>& equity() const { return equity_; }
    [[nodiscard]] std::optional<Nanos> equity_age(Timestamp now) const;
    /// Absent before the first mark of that day, or week.
    [[nodiscard]] std::optional<Span> day(Timestamp now) const;
    [[nodiscard]] std::optional<Span> week(Timestamp now) const;
    /// The most that was lost of the day's first equity. out: 0 before the first mark of that day
    [[nodiscard]] double daily_loss(Timestamp now) const;
    [[nodiscard]] double weekly_loss(Timestamp now) const;
    /// The highest equity, which the drawdown is measured from. out: absent before the first mark
    [[nodiscard]] std::optional<trading::Money> peak() const;
    [[nodiscard]] std::uint32_t losses_in_row() const { return losses_in_row_; }
    /// Of the highest equity. out: 0..1, above 1 where more than all is lost; 0 before the first mark
    [[nodiscard]] double drawdown() const;
    /// The mode that the drawdown asks for.
    [[nodiscard]] Mode drawdown_mode() const;
    /// What sizes are multiplied with: 1 - drawdown / drawdown_halted, and half at most from drawdown_half on.
    ///   source: after Grossman and Zhou 1993
    [[nodiscard]] double size_multiplier() const;
    [[nodiscard]] Nanos loss_cooldown_left(Timestamp now) const;
    [[nodiscard]] Nanos venue_cooldown_left(Timestamp now) const;

    void encode(std::string& out) const;
    /// Goes on from what was stored; failures of the venue are not: a start asks it anew.
    ///   errors: unsupported (another version), malformed; nothing is changed then
    [[nodiscard]] Result<void> decode(std::string_view bytes);

private:
    [[nodiscard]] static Span moved(const Span& span, double factor);
    void mark(std::optional<Span>& span, Timestamp begins_at, trading::Money equity) const;

    Params params_;
    std::optional<trading::Money> equity_;
    Timestamp marked_at_;
    std::optional<Span> day_, week_;
    trading::Money peak_;
    std::uint32_t losses_in_row_ = 0;
    std::optional<Timestamp> loss_cooldown_until_;
    std::vector<Timestamp> failures_;  ///< the last few: venue_failures_max at most
    std::optional<Timestamp> venue_cooldown_until_;
};

}  // namespace vt::risk
