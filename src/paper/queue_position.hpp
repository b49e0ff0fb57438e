#pragma once

#include "base/strong.hpp"
#include "base/time.hpp"

#include <optional>

namespace vt::paper {

/// Where an order of ours stands among those at its price: behind everything that was displayed when it joined.
///
/// What is ahead shrinks by prints at the price, and to what the level displays when that is less. An order that was
/// withdrawn is therefore taken to have stood behind us unless the level became too small for that: the pessimistic
/// end of what the public data allow. A print that the newest book already counts is not taken off that book's level
/// again; which came first is told by the venue's own times.
class QueuePosition {
public:
    /// What is written down, and gone on from after a restart.
    struct Facts {
        bool is_displayed = false;
        Lots unprinted;       ///< of what was ahead at first: not yet seen in prints
        Lots displayed;       ///< the least that the level has displayed, less later prints
        Timestamp joined_at;  ///< time of the book that was joined
        Timestamp book_time;  ///< time of the newest book of the level
        bool operator==(const Facts&) const = default;
    };
    /// in: displayed: at the price when the order joined; absent where the price is not among those displayed: who
    ///     stands there is not known, and no print at the price reaches us until it is displayed
    ///     book_time: of that book, by the venue's clock
    QueuePosition(std::optional<Lots> displayed, Timestamp book_time);
    QueuePosition() : QueuePosition(std::nullopt, Timestamp{}) {}

    /// A print at the price, by a taker of the other side. out: how much of it reaches us
    [[nodiscard]] Lots on_print(Lots quantity, Timestamp at);
    /// The level was displayed anew. in: a price that is among the displayed ones
    void on_level(Lots displayed, Timestamp book_time);
    /// True of what the book that was joined does not count yet.
    [[nodiscard]] bool is_after_joining(Timestamp at) const { return at > facts_.joined_at; }
    /// out: absent where nothing is known
    [[nodiscard]] std::optional<Lots> ahead() const;

    explicit QueuePosition(const Facts& facts) : facts_(facts) {}
    [[nodiscard]] const Facts& facts() const { return facts_; }

private:
    Facts facts_;
};

}  // namespace vt::paper
