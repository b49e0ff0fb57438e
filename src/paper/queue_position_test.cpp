#include "paper/queue_position.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vt::paper {
namespace {

TEST(QueuePosition, PrintsEatWhatIsAheadFirst) {
    QueuePosition queue(Lots{5}, from_ms(10));
    EXPECT_EQ(queue.on_print(Lots{3}, from_ms(11)), Lots{});
    EXPECT_EQ(queue.ahead(), Lots{2});
    EXPECT_EQ(queue.on_print(Lots{3}, from_ms(12)), Lots{1});
    EXPECT_EQ(queue.on_print(Lots{3}, from_ms(13)), Lots{3});
}

TEST(QueuePosition, APrintThatTheJoinedBookCountsIsNone) {
    QueuePosition queue(Lots{5}, from_ms(10));
    EXPECT_EQ(queue.on_print(Lots{9}, from_ms(10)), Lots{});
    EXPECT_EQ(queue.ahead(), Lots{5});
    EXPECT_FALSE(queue.is_after_joining(from_ms(10)));
    EXPECT_TRUE(queue.is_after_joining(from_ms(11)));
}

TEST(QueuePosition, OfAPriceThatIsNotDisplayedNothingIsKnown) {
    QueuePosition queue(std::nullopt, from_ms(10));
    EXPECT_EQ(queue.ahead(), std::nullopt);
    EXPECT_EQ(queue.on_print(Lots{100}, from_ms(11)), Lots{});
    queue.on_level(Lots{4}, from_ms(12));
    EXPECT_EQ(queue.ahead(), Lots{4});
}

TEST(QueuePosition, ALevelSmallerThanWhatWasAheadBoundsIt) {
    QueuePosition queue(Lots{5}, from_ms(10));
    queue.on_level(Lots{9}, from_ms(11));
    EXPECT_EQ(queue.ahead(), Lots{5});
    queue.on_level(Lots{2}, from_ms(12));
    EXPECT_EQ(queue.ahead(), Lots{2});
    queue.on_level(Lots{50}, from_ms(13));
    EXPECT_EQ(queue.ahead(), Lots{2});
}

/// A level with every order known: what stands ahead of us, what behind, and what a print would give us.
class TrueLevel {
public:
    explicit TrueLevel(std::int64_t ahead) : ahead_(ahead) {}
    std::int64_t on_print(std::int64_t quantity) {
        const auto eaten = std::min(quantity, ahead_);
        ahead_ -= eaten;
        behind_ -= std::min(behind_, quantity - eaten);  // without us these would have been met
        return quantity - eaten;
    }
    void join(std::int64_t quantity) { behind_ += quantity; }
    void withdraw_ahead(std::int64_t quantity) { ahead_ -= std::min(ahead_, quantity); }
    void withdraw_behind(std::int64_t quantity) { behind_ -= std::min(behind_, quantity); }
    [[nodiscard]] std::int64_t displayed() const { return ahead_ + behind_; }

private:
    std::int64_t ahead_;
    std::int64_t behind_ = 0;
};

struct Played {
    std::int64_t reached = 0;  ///< by the model
    std::int64_t truly_reached = 0;
    bool was_early = false;  ///< the model was once ahead of the truth
};

/// A random life of a level. Each change shows in the book and, if it is a print, as a print, in either order.
Played play(std::uint64_t seed, bool withdraws_ahead) {
    Prng prng(seed, "level");
    const auto draw = [&](std::uint64_t most) { return static_cast<std::int64_t>(1 + prng.below(most)); };
    const auto start = draw(50);
    TrueLevel level(start);
    QueuePosition queue(Lots{start}, from_ms(0));
    Played played;
    for (int i = 1; i <= 300; ++i) {
        const auto kind = prng.below(4);
        if (kind == 0) level.join(draw(8));
        if (kind == 1) level.withdraw_behind(draw(8));
        if (kind == 2 && withdraws_ahead) level.withdraw_ahead(draw(3));
        std::int64_t print = 0;
        if (kind == 3 && level.displayed() > 0) {
            print = std::min(draw(6), level.displayed());
            played.truly_reached += level.on_print(print);
        }
        const bool is_book_first = prng.below(2) == 0;
        if (is_book_first) queue.on_level(Lots{level.displayed()}, from_ms(i));
        if (print > 0) played.reached += queue.on_print(Lots{print}, from_ms(i)).value();
        if (!is_book_first && prng.below(2) == 0) queue.on_level(Lots{level.displayed()}, from_ms(i));
        played.was_early |= played.reached > played.truly_reached;
    }
    return played;
}

TEST(QueuePosition, NeverReachesUsBeforeATrueQueueWould) {
    std::int64_t later = 0;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        const Played played = play(seed, true);
        EXPECT_FALSE(played.was_early) << "seed " << seed;
        later += played.truly_reached - played.reached;
    }
    EXPECT_GT(later, 0);  // withdrawals ahead of us are not seen: that is what it costs
}

TEST(QueuePosition, EqualsATrueQueueWhereNobodyAheadWithdraws) {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        const Played played = play(seed, false);
        EXPECT_EQ(played.reached, played.truly_reached) << "seed " << seed;
    }
}

}  // namespace
}  // namespace vt::paper
