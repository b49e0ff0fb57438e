// Seeded trouble between a simulated venue and the session with its book: losses, repetitions, disorder, truncation,
// corruption and restarts. A book that claims to be valid must at every moment equal the venue's at the very update
// it names.

#include "base/prng.hpp"
#include "base/sanitized.hpp"
#include "exchange/bybit/session.hpp"
#include "exchange/test_market.hpp"
#include "market/order_book.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace vt::exchange::bybit {
namespace {

constexpr market::InstrumentId kBitcoin{0};
#if VT_IS_SANITIZED
constexpr int kScenarios = 10'000;  // ten times slower there
#else
constexpr int kScenarios = 100'000;
#endif
using Side = std::map<std::int64_t, std::int64_t>;  // ticks -> lots
struct Book {
    Side bids;
    Side asks;
    bool operator==(const Book&) const = default;
};

/// Bybit's side: a small book that changes, told in snapshots and deltas.
class Venue {
public:
    explicit Venue(Prng& prng) : prng_(prng), u_(1000 + prng.below(1000)) {
        for (std::int64_t i = 0; i < 5; ++i) {
            book_.bids[9'999 - i] = 1 + static_cast<std::int64_t>(prng_.below(9));
            book_.asks[10'001 + i] = 1 + static_cast<std::int64_t>(prng_.below(9));
        }
        remember();
    }
    std::string snapshot() { return frame("snapshot", text(book_.bids), text(book_.asks)); }
    std::string delta() {
        ++u_;
        ++seq_;
        Side bids;
        Side asks;
        for (std::uint64_t i = 0, n = 1 + prng_.below(3); i < n; ++i) {
            const bool is_bid = prng_.below(2) == 0;
            const std::int64_t distance = static_cast<std::int64_t>(prng_.below(6));
            const std::int64_t price = is_bid ? 9'999 - distance : 10'001 + distance;
            Side& side = is_bid ? book_.bids : book_.asks;
            // Both sides stay occupied: against an empty one the corrupted bid of corrupt_delta() would cross
            // nothing.
            const bool is_removed = side.size() > 1 && prng_.below(4) == 0;
            const std::int64_t size = is_removed ? 0 : 1 + static_cast<std::int64_t>(prng_.below(9));
            (is_bid ? bids : asks)[price] = size;
            if (size == 0)
                side.erase(price);
            else
                side[price] = size;
        }
        remember();
        return frame("delta", text(bids), text(asks));
    }
    /// The service starts anew: u is 1 and the frame holds everything, whatever it calls itself.
    std::string restart() {
        u_ = 1;
        ++seq_;
        remember();
        return frame(prng_.below(2) == 0 ? "snapshot" : "delta", text(book_.bids), text(book_.asks));
    }
    /// A true delta whose bid was corrupted to stand above the best ask.
    std::string corrupt_delta() {
        delta();
        return frame("delta", R"(["1010.0","3"])", "");
    }
    [[nodiscard]] bool had(std::uint64_t u, const Book& book) const {
        const auto [first, last] = history_.equal_range(u);
        return std::any_of(first, last, [&](const auto& entry) { return entry.second == book; });
    }
    [[nodiscard]] const Book& book() const { return book_; }
    [[nodiscard]] std::uint64_t u() const { return u_; }

private:
    static std::string text(const Side& side) {
        std::string out;
        for (const auto& [price, size] : side) {
            if (!out.empty()) out += ',';
            out += "[\"" + format_steps(price, {1, 1}) + "\",\"" + format_steps(size, {1, 3}) + "\"]";
        }
        return out;
    }
    std::string frame(std::string_view type, const std::string& bids, const std::string& asks) const {
        return R"({"topic":"orderbook.50.BTCUSDT","type":")" + std::string(type) +
               R"(","ts":1700000000001,"data":{"s":"BTCUSDT","b":[)" + bids + R"(],"a":[)" + asks + R"(],"u":)" +
               std::to_string(u_) + R"(,"seq":)" + std::to_string(seq_) + R"(},"cts":1700000000000})";
    }
    void remember() { history_.emplace(u_, book_); }

    Prng& prng_;
    Book book_;
    std::uint64_t u_;
    std::uint64_t seq_ = 50'000;
    std::multimap<std::uint64_t, Book> history_;
};

struct Tally {
    std::uint64_t lost = 0;
    std::uint64_t gaps = 0;
    std::uint64_t crossed = 0;
    std::uint64_t repeated = 0;
    std::uint64_t updates = 0;
};

class Scenario {
public:
    Scenario(std::uint64_t seed, const market::InstrumentDirectory& directory, Codec& codec)
        : prng_(seed, "scenario"), venue_(prng_), directory_(directory), codec_(codec) {
        act([&] { session_.start(now_, out_); });
        act([&] { session_.on_open(now_, out_); });
    }

    void run(Tally& tally) {
        for (int i = 0, n = 10 + static_cast<int>(prng_.below(30)); i < n && !failed_; ++i) {
            now_ += std::chrono::milliseconds{20};
            send(next_frame(), tally);
            flush(1 + prng_.below(3));
        }
        flush(delayed_.size());
        is_calm_ = true;
        const auto is_equal = [&] { return book_.is_valid() && book_.update_id() == venue_.u(); };
        for (int i = 0; i < 200 && !failed_; ++i) {
            now_ += std::chrono::milliseconds{500};
            receive(venue_.delta());
            if (i > 2 && is_equal()) break;
        }
        EXPECT_TRUE(is_equal()) << "the book never came back";
        EXPECT_EQ(contents(), venue_.book());
        tally.gaps += statuses_[0].gaps;
        tally.crossed += crossed_;
        tally.updates += updates_;
    }
    [[nodiscard]] bool failed() const { return failed_; }

private:
    std::string next_frame() {
        const std::uint64_t kind = prng_.below(100);
        // Twice would not be told apart by any number of the protocol, if the frame with u 1 got lost.
        if (kind < 2 && !was_restarted_) {
            was_restarted_ = true;
            return venue_.restart();
        }
        if (kind < 4) return venue_.corrupt_delta();
        if (kind < 6) return venue_.snapshot();
        return venue_.delta();
    }
    // The bad channel: loses, cuts, repeats and delays.
    void send(const std::string& frame, Tally& tally) {
        const std::uint64_t fate = prng_.below(100);
        if (fate < 5) {
            ++tally.lost;
            return;
        }
        if (fate < 8) {
            ++tally.lost;
            receive(frame.substr(0, prng_.below(frame.size())));
            return;
        }
        if (fate < 14)
            delayed_.push_back(frame);
        else
            receive(frame);
        if (fate >= 90) {
            ++tally.repeated;
            if (prng_.below(2) == 0)
                receive(frame);
            else
                delayed_.push_back(frame);
        }
    }
    void flush(std::uint64_t count) {
        for (; count > 0 && !delayed_.empty(); --count) {
            const std::size_t pick = prng_.below(delayed_.size());
            const std::string frame = delayed_[pick];
            delayed_.erase(delayed_.begin() + static_cast<std::ptrdiff_t>(pick));
            receive(frame);
        }
    }
    void receive(const std::string& frame) {
        act([&] { session_.on_text(frame, directory_, codec_, {now_, 1}, out_); });
    }

    void act(const std::function<void()>& step) {
        out_.clear();
        step();
        std::vector<std::string> answers;
        const std::vector<Action> actions = out_.actions;
        bool is_crossed = false;
        for (const market::Event& event : out_.events) {
            if (const auto* update = std::get_if<market::BookUpdate>(&event.body)) {
                ++updates_;
                is_crossed |= book_.apply(*update) == market::ApplyResult::crossed;
            }
            if (std::holds_alternative<market::BookInvalid>(event.body)) book_.invalidate();
        }
        check();
        if (is_crossed) {
            ++crossed_;
            act([&] { session_.resync_book(kBitcoin, market::BookGap::crossed, "crossed book", now_, out_); });
        }
        for (const Action& action : actions) answer(action);
    }
    void answer(const Action& action) {
        const auto* send = std::get_if<SendText>(&action);
        if (send == nullptr || send->text.find(R"("op":"subscribe")") == std::string::npos) return;
        const std::size_t begin = send->text.find(R"("req_id":")") + 10;
        const std::string id = send->text.substr(begin, send->text.find('"', begin) - begin);
        receive(R"({"success":true,"ret_msg":"","req_id":")" + id + R"(","op":"subscribe"})");
        if (!is_calm_ && prng_.below(10) == 0) return;  // the snapshot is lost
        if (!is_calm_ && prng_.below(5) == 0)
            delayed_.push_back(venue_.snapshot());
        else
            receive(venue_.snapshot());
    }
    void check() {
        const auto bid = book_.best(market::Side::buy);
        const auto ask = book_.best(market::Side::sell);
        if (bid && ask && bid->price >= ask->price) fail("a crossed book is visible");
        if (!book_.is_valid()) return;
        if (!venue_.had(book_.update_id(), contents())) fail("a valid book differs from the venue's at its update");
    }
    void fail(const char* what) {
        failed_ = true;
        ADD_FAILURE() << what << " at u " << book_.update_id();
    }
    [[nodiscard]] Book contents() const {
        Book book;
        const auto into = [](Side& side) {
            return [&side](const market::Level& level) {
                side[level.price.value()] = level.quantity.value();
                return true;
            };
        };
        book_.walk(market::Side::buy, into(book.bids));
        book_.walk(market::Side::sell, into(book.asks));
        return book;
    }

    Prng prng_;
    Venue venue_;
    const market::InstrumentDirectory& directory_;
    Codec& codec_;
    std::vector<StreamStatus> statuses_ = std::vector<StreamStatus>(1);
    Session session_{{.connection = connection_id(market::Venue::bybit, 1)},
                     {{"orderbook.50.BTCUSDT", kBitcoin, market::Stream::book}},
                     statuses_};
    market::OrderBook book_;
    Output out_;
    std::vector<std::string> delayed_;
    Timestamp now_ = from_ms(1'700'000'000'000);
    std::uint64_t crossed_ = 0;
    std::uint64_t updates_ = 0;
    bool is_calm_ = false;
    bool was_restarted_ = false;
    bool failed_ = false;
};

TEST(BybitBookScenarios, AValidBookAlwaysEqualsTheVenues) {
    const market::InstrumentDirectory directory = test_directory();
    Codec codec;
    Tally tally;
    for (int seed = 0; seed < kScenarios; ++seed) {
        Scenario scenario(static_cast<std::uint64_t>(seed), directory, codec);
        scenario.run(tally);
        ASSERT_FALSE(HasFailure()) << "seed " << seed;
    }
    // The trouble was real: each kind happened, and more often than once for each second scenario.
    EXPECT_GT(tally.lost, kScenarios);
    EXPECT_GT(tally.repeated, kScenarios);
    EXPECT_GT(tally.gaps, kScenarios);
    EXPECT_GT(tally.crossed, kScenarios / 4);
    EXPECT_GT(tally.updates, 10ULL * kScenarios);
    RecordProperty("scenarios", kScenarios);
    RecordProperty("lost", std::to_string(tally.lost));
    RecordProperty("gaps", std::to_string(tally.gaps));
}

}  // namespace
}  // namespace vt::exchange::bybit
