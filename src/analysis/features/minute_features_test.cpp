#include "analysis/features/minute_features.hpp"

#include "analysis/features/slow_minutes.hpp"
#include "analysis/test_market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace vt::analysis {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::Player;
using test::Record;

const market::Instrument kInstrument = test::made_up_instrument();

struct NamedField {
    const char* name;
    std::optional<double> MinuteFeatures::*field;
};
const std::array kFields = {
    NamedField{"tfi_1m", &MinuteFeatures::tfi_1m},
    NamedField{"tfi_count_1m", &MinuteFeatures::tfi_count_1m},
    NamedField{"vwap_1m", &MinuteFeatures::vwap_1m},
    NamedField{"open_1m", &MinuteFeatures::open_1m},
    NamedField{"high_1m", &MinuteFeatures::high_1m},
    NamedField{"low_1m", &MinuteFeatures::low_1m},
    NamedField{"close_1m", &MinuteFeatures::close_1m},
    NamedField{"parent_notional_max", &MinuteFeatures::parent_notional_max},
    NamedField{"large_threshold", &MinuteFeatures::large_threshold},
    NamedField{"large_share_1m", &MinuteFeatures::large_share_1m},
    NamedField{"large_imbalance_1m", &MinuteFeatures::large_imbalance_1m},
    NamedField{"mid_open", &MinuteFeatures::mid_open},
    NamedField{"mid_close", &MinuteFeatures::mid_close},
    NamedField{"mid_high", &MinuteFeatures::mid_high},
    NamedField{"mid_low", &MinuteFeatures::mid_low},
    NamedField{"ret_mid_bps_1m", &MinuteFeatures::ret_mid_bps_1m},
    NamedField{"rv_1s_bps_1m", &MinuteFeatures::rv_1s_bps_1m},
    NamedField{"spread_bps_mean", &MinuteFeatures::spread_bps_mean},
    NamedField{"spread_bps_close", &MinuteFeatures::spread_bps_close},
    NamedField{"l1_size_mean", &MinuteFeatures::l1_size_mean},
    NamedField{"imbalance_l1_mean", &MinuteFeatures::imbalance_l1_mean},
    NamedField{"ofi_1m", &MinuteFeatures::ofi_1m},
    NamedField{"ofi_norm_1m", &MinuteFeatures::ofi_norm_1m},
    NamedField{"ofi_book_1m", &MinuteFeatures::ofi_book_1m},
    NamedField{"ofi_book10_norm_1m", &MinuteFeatures::ofi_book10_norm_1m},
    NamedField{"depth_bid_5bps", &MinuteFeatures::depth_bid_5bps},
    NamedField{"depth_ask_5bps", &MinuteFeatures::depth_ask_5bps},
    NamedField{"depth_bid_10bps", &MinuteFeatures::depth_bid_10bps},
    NamedField{"depth_ask_10bps", &MinuteFeatures::depth_ask_10bps},
    NamedField{"depth_bid_25bps", &MinuteFeatures::depth_bid_25bps},
    NamedField{"depth_ask_25bps", &MinuteFeatures::depth_ask_25bps},
    NamedField{"imbalance_5bps", &MinuteFeatures::imbalance_5bps},
    NamedField{"imbalance_10bps", &MinuteFeatures::imbalance_10bps},
    NamedField{"imbalance_25bps", &MinuteFeatures::imbalance_25bps},
    NamedField{"cover_bid_bps", &MinuteFeatures::cover_bid_bps},
    NamedField{"cover_ask_bps", &MinuteFeatures::cover_ask_bps},
    NamedField{"impact_buy_100k_bps", &MinuteFeatures::impact_buy_100k_bps},
    NamedField{"impact_sell_100k_bps", &MinuteFeatures::impact_sell_100k_bps},
    NamedField{"kyle_1s_bps_per_musd", &MinuteFeatures::kyle_1s_bps_per_musd},
    NamedField{"amihud_bps_per_musd", &MinuteFeatures::amihud_bps_per_musd},
    NamedField{"sigma_1m_bps", &MinuteFeatures::sigma_1m_bps},
};

void expect_close(double a, double b, const char* what) {
    EXPECT_LE(std::abs(a - b), 1e-9 * std::max({1.0, std::abs(a), std::abs(b)})) << what << ": " << a << " and " << b;
}

void expect_equal(const MinuteFeatures& fast, const MinuteFeatures& slow) {
    EXPECT_EQ(fast.start, slow.start);
    EXPECT_EQ(fast.is_complete, slow.is_complete);
    EXPECT_EQ(fast.n_trades, slow.n_trades);
    EXPECT_EQ(fast.n_parents, slow.n_parents);
    EXPECT_EQ(fast.n_l1, slow.n_l1);
    EXPECT_EQ(fast.n_book, slow.n_book);
    EXPECT_EQ(fast.book_samples, slow.book_samples);
    expect_close(fast.volume_1m, slow.volume_1m, "volume_1m");
    expect_close(fast.notional_1m, slow.notional_1m, "notional_1m");
    expect_close(fast.buy_notional_1m, slow.buy_notional_1m, "buy_notional_1m");
    expect_close(fast.sell_notional_1m, slow.sell_notional_1m, "sell_notional_1m");
    expect_close(fast.cvd_1m, slow.cvd_1m, "cvd_1m");
    expect_close(fast.cvd_notional_1m, slow.cvd_notional_1m, "cvd_notional_1m");
    for (const NamedField& named : kFields) {
        const auto& a = fast.*named.field;
        const auto& b = slow.*named.field;
        ASSERT_EQ(a.has_value(), b.has_value()) << named.name;
        if (a) expect_close(*a, *b, named.name);
    }
}

void expect_equal_to_slow(const std::vector<Record>& records, QuoteSource source) {
    Player player(kInstrument, {.quote_source = source});
    for (const Record& record : records) player.play(record);
    const Timestamp until = records.back().time;
    player.reach(until);
    const auto slow = test::SlowMinutes(records, kInstrument, source).rows(until - seconds{1});
    ASSERT_EQ(player.minutes.size(), slow.size());
    ASSERT_GE(slow.size(), 8U);
    for (std::size_t i = 0; i < slow.size(); ++i) {
        SCOPED_TRACE("minute " + std::to_string(i));
        expect_equal(player.minutes[i], slow[i]);
    }
}

std::vector<Record> busy_minutes(std::uint64_t seed, int count, std::uint32_t depth = 50) {
    return test::made_up_records(seed, 60 * count + 2, {.trades = 3, .size_factor = 8}, depth);
}

TEST(MinuteFeatures, EqualASlowReferenceWithQuotesOfTheirOwn) {
    expect_equal_to_slow(busy_minutes(1, 10), QuoteSource::quotes);
}

TEST(MinuteFeatures, EqualASlowReferenceWithQuotesFromTheBook) {
    expect_equal_to_slow(busy_minutes(2, 10), QuoteSource::book);
}

TEST(MinuteFeatures, EqualASlowReferenceWithAFullDepthBook) {
    expect_equal_to_slow(busy_minutes(3, 10, 0), QuoteSource::quotes);
}

TEST(MinuteFeatures, EqualASlowReferenceFromTheMiddleOfAMinute) {
    auto records = busy_minutes(4, 10);
    // Start at 22:00:17.3 with a snapshot of that moment: the first records are dropped, so the book must be rebuilt.
    test::Market market(4);
    records.clear();
    for (int i = 0; i < 60 * 9 + 2; ++i) {
        market.second(test::kStart + milliseconds{17'300} + seconds{i}, {.trades = 3}, records);
    }
    test::sort_by_time(records);
    expect_equal_to_slow(records, QuoteSource::book);
}

TEST(MinuteFeatures, EqualASlowReferenceAcrossLossesOfTheBook) {
    test::Market market(5);
    std::vector<Record> records;
    for (int i = 0; i < 60 * 10 + 2; ++i) {
        const bool is_lost = (i >= 130 && i < 145) || (i >= 250 && i < 290);
        if (i == 130 || i == 250) market.lose_book(test::kStart + seconds{i}, records);
        if (!is_lost) market.second(test::kStart + seconds{i}, {.trades = 3}, records);
    }
    test::sort_by_time(records);
    expect_equal_to_slow(records, QuoteSource::book);
}

TEST(MinuteFeatures, SigmaNeedsAnHourOfReturnsAndIsTheirMedian) {
    const auto records = test::made_up_records(12, 60 * 66 + 2, {.trades = 0.05, .book_updates = 1});
    Player player(kInstrument, {});
    for (const Record& record : records) player.play(record);
    ASSERT_EQ(player.minutes.size(), 66U);
    std::vector<double> moves;
    for (const MinuteFeatures& minute : player.minutes) {
        if (minute.ret_mid_bps_1m) moves.push_back(std::abs(*minute.ret_mid_bps_1m));
        ASSERT_EQ(minute.sigma_1m_bps.has_value(), moves.size() >= 60);
        if (moves.size() < 60) continue;
        auto sorted = moves;
        std::sort(sorted.begin(), sorted.end());
        const std::size_t n = sorted.size();
        const double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
        EXPECT_NEAR(*minute.sigma_1m_bps, 1.4826 * median, 1e-9);
    }
}

TEST(MinuteFeatures, ALostBookIsFlaggedAndHalfAMinuteWithoutItIsNull) {
    test::Market market(5);
    std::vector<Record> records;
    for (int i = 0; i < 60 * 10 + 2; ++i) {
        if (i == 250) market.lose_book(test::kStart + seconds{i}, records);
        if (i < 250 || i >= 290) market.second(test::kStart + seconds{i}, {.trades = 3}, records);
    }
    test::sort_by_time(records);
    Player player(kInstrument, {.quote_source = QuoteSource::book});
    for (const Record& record : records) player.play(record);
    const MinuteFeatures& hurt = player.minutes[4];
    EXPECT_TRUE(hurt.has_gap);
    EXPECT_TRUE(hurt.has_resync);
    EXPECT_LT(hurt.book_samples, 30U);
    EXPECT_FALSE(hurt.ofi_book_1m.has_value());
    EXPECT_FALSE(hurt.spread_bps_mean.has_value());
    EXPECT_FALSE(hurt.rv_1s_bps_1m.has_value());
    EXPECT_FALSE(player.minutes[3].has_gap);
    EXPECT_TRUE(player.minutes[3].ofi_book_1m.has_value());
}

TEST(MinuteFeatures, APrefixOfTheInputGivesAPrefixOfTheRows) {
    const auto records = busy_minutes(6, 9);
    Player whole(kInstrument, {});
    for (const Record& record : records) whole.play(record);
    const std::string all = test::rows_text(whole.minutes, kInstrument);
    for (const std::size_t cut : {records.size() / 3, records.size() / 2, records.size() - 1}) {
        Player part(kInstrument, {});
        for (std::size_t i = 0; i < cut; ++i) part.play(records[i]);
        const std::string some = test::rows_text(part.minutes, kInstrument);
        EXPECT_EQ(all.substr(0, some.size()), some);
        EXPECT_GE(part.minutes.size(), 2U);
    }
}

TEST(MinuteFeatures, OrderOfEqualTimesAcrossStreamsDoesNotMatter) {
    auto records = busy_minutes(7, 8);
    // Put prints onto the times of book updates, then let them go first, then last.
    Timestamp book_time = records.front().time;
    for (Record& record : records) {
        if (std::holds_alternative<test::OwnedUpdate>(record.body)) book_time = record.time;
        if (std::holds_alternative<market::Trade>(record.body)) record.time = book_time;
    }
    const auto play = [&](bool prints_first) {
        auto sorted = records;
        std::stable_sort(sorted.begin(), sorted.end(), [&](const Record& a, const Record& b) {
            if (a.time != b.time) return a.time < b.time;
            const bool a_print = std::holds_alternative<market::Trade>(a.body);
            const bool b_print = std::holds_alternative<market::Trade>(b.body);
            return a_print != b_print && a_print == prints_first;
        });
        Player player(kInstrument, {.quote_source = QuoteSource::quotes});
        for (const Record& record : sorted) player.play(record);
        return test::rows_text(player.minutes, kInstrument);
    };
    EXPECT_EQ(play(true), play(false));
}

TEST(MinuteFeatures, StreamsMayRunAheadOfEachOtherByLessThanASecond) {
    // Each print comes 900 ms after everything else of its time: the same rows.
    const auto records = busy_minutes(8, 8);
    auto delayed = records;
    std::stable_sort(delayed.begin(), delayed.end(), [](const Record& a, const Record& b) {
        const auto at = [](const Record& r) {
            return r.time + (std::holds_alternative<market::Trade>(r.body) ? milliseconds{900} : milliseconds{0});
        };
        return at(a) < at(b);
    });
    const auto play = [](const std::vector<Record>& in) {
        Player player(kInstrument, {.quote_source = QuoteSource::quotes});
        for (const Record& record : in) player.play(record);
        player.reach(test::kStart + minutes{8} + seconds{1});
        player.minutes.resize(8);
        return test::rows_text(player.minutes, kInstrument);
    };
    EXPECT_EQ(play(records), play(delayed));
}

TEST(MinuteFeatures, ARecordOfAClosedMinuteIsDroppedAndCounted) {
    const auto records = busy_minutes(9, 4);
    Player player(kInstrument, {});
    for (const Record& record : records) {
        player.play(record);
        if (player.minutes.size() == 2 && record.time > test::kStart + minutes{2} + seconds{30} &&
            player.minutes[1].n_late == 0 && !std::exchange(player.has_played_late, true)) {
            player.play({test::kStart + minutes{1}, market::Trade{.price = Ticks{20'000}, .quantity = Lots{5}}});
        }
    }
    ASSERT_GE(player.minutes.size(), 3U);
    EXPECT_EQ(player.minutes[1].n_late, 0U);
    EXPECT_EQ(player.minutes[2].n_late, 1U);
    EXPECT_NE(test::row_text(player.minutes[2], kInstrument).find("\"late\""), std::string::npos);
}

TEST(MinuteFeatures, SilentMinutesAreWrittenWithSumsOfZeroAndStateCarried) {
    auto records = test::made_up_records(10, 150);
    Player player(kInstrument, {});
    for (const Record& record : records) player.play(record);
    player.reach(test::kStart + minutes{6} + seconds{1});
    ASSERT_EQ(player.minutes.size(), 6U);
    const MinuteFeatures& silent = player.minutes[4];
    EXPECT_EQ(silent.n_trades, 0U);
    EXPECT_EQ(silent.notional_1m, 0);
    EXPECT_FALSE(silent.tfi_1m.has_value());
    EXPECT_FALSE(silent.vwap_1m.has_value());
    EXPECT_EQ(silent.mid_close, player.minutes[2].mid_close);
    EXPECT_EQ(silent.ret_mid_bps_1m, 0.0);
    EXPECT_EQ(silent.ofi_1m, 0.0);
    EXPECT_EQ(silent.book_samples, 60U);
}

TEST(MinuteFeatures, TickersAndLiquidationsCountUpToTheEndOfTheMinute) {
    auto records = test::made_up_records(11, 182);
    const auto ticker = [](double mark) {
        market::Ticker update;
        update.mark_price = mark;
        update.funding_rate = 1e-4;
        return update;
    };
    records.push_back({test::kStart + milliseconds{59'999}, ticker(201)});
    records.push_back({test::kStart + milliseconds{60'000}, ticker(202)});
    records.push_back(
        {test::kStart + milliseconds{70'000},
         market::Liquidation{.side = market::LiquidatedSide::long_position, .price = 200, .quantity = 3}});
    test::sort_by_time(records);
    Player player(kInstrument, {});
    for (const Record& record : records) player.play(record);
    EXPECT_EQ(player.minutes[0].mark_close, 201.0);
    EXPECT_EQ(player.minutes[0].funding_running, 1e-4);
    EXPECT_EQ(player.minutes[0].liq_long_notional_1m, 0.0);
    EXPECT_EQ(player.minutes[1].mark_close, 202.0);
    EXPECT_EQ(player.minutes[1].liq_long_notional_1m, 600.0);
    EXPECT_EQ(player.minutes[1].liq_short_notional_1m, 0.0);
    EXPECT_FALSE(player.minutes[1].open_interest_close.has_value());
}

TEST(MinuteFeatures, ARowIsOneJsonObjectInTheOrderOfTheFormat) {
    MinuteFeatures minute{.start = test::kStart, .is_complete = false, .has_gap = true, .n_trades = 3};
    minute.tfi_1m = 0.25;
    const std::string row = test::row_text(minute, kInstrument);
    EXPECT_EQ(
        row.rfind(R"({"v":1,"venue":"bybit_linear","symbol":"XYZ/USDT:USDT","t":1699999200000,"complete":false,)"
                  R"("flags":["gap"],"n_trades":3,)",
                  0),
        0U)
        << row;
    EXPECT_NE(row.find(R"("tfi_1m":0.25,"tfi_count_1m":null)"), std::string::npos);
}

TEST(MinuteFeatures, AMissingMinuteIsAllNull) {
    const std::string row = test::row_text({.start = test::kStart, .is_missing = true}, kInstrument);
    EXPECT_NE(row.find(R"("flags":["missing"],"n_trades":null)"), std::string::npos) << row;
    EXPECT_NE(row.find(R"("notional_1m":null)"), std::string::npos);
}

}  // namespace
}  // namespace vt::analysis
