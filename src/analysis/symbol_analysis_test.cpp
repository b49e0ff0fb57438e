#include "analysis/symbol_analysis.hpp"

#include "analysis/test_market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vt::analysis {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::Player;
using test::Record;

const market::Instrument kInstrument = test::made_up_instrument();

/// Everything that an evaluation says, as text with all digits.
std::string text_of(const Evaluation& evaluation) {
    JsonWriter out;
    out.begin_array();
    for (const DimensionScore* dimension : evaluation.dimensions) {
        if (dimension == nullptr) continue;
        out.value(dimension->score).value(dimension->coverage);
        for (const Component& component : dimension->components) {
            for (const Leaf& leaf : component.leaves) {
                out.value(leaf.value).value(leaf.score).value(leaf.coverage).value(leaf.n);
                out.value(std::uint64_t{leaf.flags.bits()}).value(leaf.events);
                out.value(leaf.age ? std::optional(leaf.age->count()) : std::nullopt);
            }
        }
    }
    const MarketQuality& quality = evaluation.quality;
    out.value(quality.q_data).value(quality.q_liquidity).value(quality.spread_percentile);
    out.end_array();
    return out.take() + "\n";
}

/// Where two long texts begin to differ; empty where they are equal.
std::string first_difference(const std::string& a, const std::string& b) {
    if (a == b) return {};
    const auto at = static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
    const auto line = std::count(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    const std::size_t from = at > 60 ? at - 60 : 0;
    return "line " + std::to_string(line) + ": " + a.substr(from, 120) + " / " + b.substr(from, 120);
}

struct Listener {
    explicit Listener(Player& player) {
        player.on_evaluation = [this](const Evaluation& evaluation) { text += text_of(evaluation); };
    }
    std::string text;
};

market::Ticker ticker_of(double volume) {
    market::Ticker ticker;
    ticker.volume_24h_base = volume;
    ticker.mark_price = 200;
    return ticker;
}

std::vector<Record> day_part(std::uint64_t seed, int seconds_count) {
    auto records = test::made_up_records(seed, seconds_count, {.trades = 1.5, .book_updates = 1});
    for (int i = 0; i < seconds_count; i += 5) {
        records.push_back({test::kStart + seconds{i}, ticker_of(40'000)});
    }
    test::sort_by_time(records);
    return records;
}

TEST(SymbolAnalysis, SavedAndLoadedGoesOnAsIfItHadNeverStopped) {
    const auto records = day_part(41, 60 * 75);
    for (const std::size_t stop :
         {std::size_t{7}, records.size() / 3, records.size() / 2 + 1, records.size() - 400}) {
        SCOPED_TRACE(stop);
        Player whole(kInstrument, {});
        Player second(kInstrument, {});
        for (std::size_t i = 0; i < stop; ++i) {
            whole.play(records[i]);
            second.see_book(records[i]);
        }
        second.adopt(whole);
        whole.minutes.clear();
        Listener of_whole(whole);
        Listener of_second(second);
        for (std::size_t i = stop; i < records.size(); ++i) {
            whole.play(records[i]);
            second.play(records[i]);
        }
        EXPECT_FALSE(of_whole.text.empty());
        EXPECT_EQ(first_difference(of_whole.text, of_second.text), "");
        EXPECT_EQ(test::rows_text(whole.minutes, kInstrument), test::rows_text(second.minutes, kInstrument));
        EXPECT_TRUE(whole.saved() == second.saved());
    }
}

TEST(SymbolAnalysis, LoadedADayLaterSaysTheSameADayLater) {
    const auto records = day_part(42, 60 * 70);
    const std::size_t stop = records.size() / 2;
    Player whole(kInstrument, {});
    Player later(kInstrument, {});
    for (std::size_t i = 0; i < stop; ++i) {
        whole.play(records[i]);
        later.see_book(records[i]);
    }
    later.adopt(whole, hours{24});
    whole.minutes.clear();
    Listener of_whole(whole);
    Listener of_later(later);
    for (std::size_t i = stop; i < records.size(); ++i) {
        whole.play(records[i]);
        Record moved = records[i];
        moved.time += hours{24};
        later.play(moved);
    }
    EXPECT_EQ(first_difference(of_whole.text, of_later.text), "");
    ASSERT_EQ(whole.minutes.size(), later.minutes.size());
    for (std::size_t i = 0; i < whole.minutes.size(); ++i) {
        MinuteFeatures moved = later.minutes[i];
        moved.start -= hours{24};
        EXPECT_EQ(test::row_text(moved, kInstrument), test::row_text(whole.minutes[i], kInstrument));
    }
}

TEST(SymbolAnalysis, PricesThatBeginAnewMakeNoReturn) {
    // 3 % up in 23 minutes; then the session begins again where it began.
    const auto records = test::made_up_records(43, 60 * 23, {.trades = 1.5, .book_updates = 1, .drift_ticks = .5});
    Player before(kInstrument, {});
    for (const Record& record : records) before.play(record);
    for (const bool begins_anew : {false, true}) {
        Player after(kInstrument, {});
        const Nanos shift = -minutes{23};
        after.adopt(before, shift);
        if (begins_anew) after.analysis.begin_prices_anew();
        for (const Record& record : records) after.play(record);
        ASSERT_GE(after.minutes.size(), 10U);
        std::vector<double> steps;
        for (const MinuteFeatures& minute : after.minutes) {
            if (minute.ret_mid_bps_1m) steps.push_back(std::abs(*minute.ret_mid_bps_1m));
        }
        const double usual = *std::max_element(steps.begin() + 3, steps.end());
        EXPECT_EQ(*std::max_element(steps.begin(), steps.begin() + 3) > 5 * usual, !begins_anew) << begins_anew;
    }
}

TEST(SymbolAnalysis, RefusesStateThatIsCutDamagedOrForeign) {
    Player player(kInstrument, {});
    for (const Record& record : day_part(43, 200)) player.play(record);
    const std::string bytes = player.saved();
    SymbolAnalysis other(kInstrument, {});
    for (std::size_t cut = 0; cut < bytes.size(); cut += 1 + bytes.size() / 199) {
        const auto result = other.load(std::string_view(bytes).substr(0, cut));
        ASSERT_FALSE(result.has_value()) << cut;
        EXPECT_EQ(result.error().code, Errc::corrupt);
    }
    EXPECT_FALSE(other.load(bytes + "x").has_value());
    std::string newer = bytes;
    newer[4] = 99;
    EXPECT_EQ(other.load(newer).error().code, Errc::unsupported);
    market::Instrument coarse = kInstrument;
    coarse.tick_size = {1, 1};
    SymbolAnalysis of_other_steps(coarse, {});
    EXPECT_EQ(of_other_steps.load(bytes).error().code, Errc::unsupported);
    EXPECT_TRUE(other.load(bytes).has_value());
}

TEST(SymbolAnalysis, ARefusedStateLeavesItEmpty) {
    Player player(kInstrument, {});
    for (const Record& record : day_part(44, 200)) player.play(record);
    std::string fresh;
    SymbolAnalysis(kInstrument, {}).save(fresh);
    EXPECT_FALSE(player.analysis.load("no state").has_value());
    EXPECT_EQ(player.saved(), fresh);
}

TEST(SymbolAnalysis, TimeWithoutTheProgramIsMissingNotSilent) {
    const auto records = day_part(45, 60 * 12);
    Player player(kInstrument, {});
    std::optional<Leaf> last;
    player.on_evaluation = [&](const Evaluation& evaluation) {
        last = evaluation[Dimension::order_flow].components[0].leaves[0];
    };
    std::size_t i = 0;
    for (; records[i].time < test::kStart + minutes{5} + seconds{30}; ++i) player.play(records[i]);
    EXPECT_TRUE(last->value.has_value());
    player.minutes.clear();
    player.skip_to(test::kStart + minutes{8} + seconds{10});
    std::vector<Timestamp> missing;
    while (const auto minute = player.analysis.next_missing_minute()) {
        EXPECT_TRUE(minute->is_missing);
        missing.push_back(minute->start);
    }
    EXPECT_EQ(missing, (std::vector<Timestamp>{test::kStart + minutes{5}, test::kStart + minutes{6},
                                               test::kStart + minutes{7}}));
    player.reach(test::kStart + minutes{8} + seconds{20});
    EXPECT_FALSE(last->value.has_value());  // most of the minute before was not seen
    EXPECT_TRUE(last->flags.has(Flag::gap));
    for (; i < records.size(); ++i) {
        if (records[i].time >= test::kStart + minutes{8} + seconds{10}) player.play(records[i]);
    }
    ASSERT_FALSE(player.minutes.empty());
    EXPECT_EQ(player.minutes[0].start, test::kStart + minutes{8});
    EXPECT_TRUE(player.minutes[0].has_gap);
    EXPECT_FALSE(player.minutes[0].mid_open.has_value());
    EXPECT_FALSE(player.minutes[1].has_gap);
}

TEST(SymbolAnalysis, AMinuteThatWasPassedOverIsNotClosedToo) {
    const auto records = day_part(55, 60 * 5);
    Player player(kInstrument, {});
    for (const Record& record : records) player.play(record);
    player.minutes.clear();
    player.skip_to(test::kStart + minutes{9});
    player.reach(test::kStart + minutes{9} + seconds{1});
    EXPECT_TRUE(player.minutes.empty());
    int missing = 0;
    while (player.analysis.next_missing_minute()) ++missing;
    EXPECT_EQ(missing, 5);  // the fifth was under way, then four
    player.reach(test::kStart + minutes{10} + seconds{1});
    ASSERT_EQ(player.minutes.size(), 1U);
    EXPECT_EQ(player.minutes[0].start, test::kStart + minutes{9});
}

TEST(SymbolAnalysis, SkippingBeforeAnythingWasEvaluatedDoesNothing) {
    SymbolAnalysis analysis(kInstrument, {});
    analysis.skip_to(test::kStart);
    market::OrderBook book(4096);
    EXPECT_EQ(analysis.evaluate(test::kStart, book, {}).at, test::kStart);
    EXPECT_FALSE(analysis.next_missing_minute().has_value());
}

TEST(SymbolAnalysis, AHoleThatNobodyAnnouncedIsPassedOver) {
    Player player(kInstrument, {});
    for (const Record& record : day_part(56, 60 * 4)) player.play(record);
    const Timestamp later = test::kStart + hours{3};
    EXPECT_EQ(player.analysis.evaluate(later, player.book(), {}).closed_minute, nullptr);
    int missing = 0;
    while (player.analysis.next_missing_minute()) ++missing;
    EXPECT_EQ(missing, 177);
}

TEST(SymbolAnalysis, ASecondOrTwoThatNobodyAskedForIsCaughtUp) {
    const auto records = day_part(57, 150);
    Player whole(kInstrument, {});
    Player lazy(kInstrument, {});
    for (const Record& record : records) {
        whole.play(record);
        lazy.play(record);
    }
    const Timestamp u = whole.next();
    const EvaluationInputs inputs = whole.inputs_at(u);
    for (int i = 0; i < 3; ++i) (void)whole.analysis.evaluate(u + seconds{i}, whole.book(), inputs);
    const DimensionScore& all = whole.analysis.evaluate(u + seconds{3}, whole.book(), inputs)[Dimension::order_flow];
    const DimensionScore& caught_up =
        lazy.analysis.evaluate(u + seconds{3}, lazy.book(), inputs)[Dimension::order_flow];
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t leaf = 0; leaf < all.components[i].leaves.size(); ++leaf) {
            EXPECT_EQ(caught_up.components[i].leaves[leaf].value, all.components[i].leaves[leaf].value);
            EXPECT_EQ(caught_up.components[i].leaves[leaf].flags, all.components[i].leaves[leaf].flags);
        }
    }
    EXPECT_FALSE(lazy.analysis.next_missing_minute().has_value());
}

TEST(SymbolAnalysis, TimeThatGoesBackStartsAnew) {
    Player player(kInstrument, {});
    for (const Record& record : day_part(58, 200)) player.play(record);
    const Evaluation evaluation = player.analysis.evaluate(test::kStart, player.book(), {});
    EXPECT_EQ(evaluation[Dimension::order_flow].coverage, 0);
    EXPECT_FALSE(evaluation[Dimension::order_flow].components[0].leaves[0].value.has_value());
}

TEST(SymbolAnalysis, ATimeFarAheadIsNotBelieved) {
    const auto records = day_part(59, 60 * 3 + 2);
    Player honest(kInstrument, {});
    Player told(kInstrument, {});
    for (std::size_t i = 0; i < records.size(); ++i) {
        honest.play(records[i]);
        told.play(records[i]);
        if (i != records.size() / 2) continue;
        const Timestamp future = records[i].time + hours{1};
        told.analysis.on_print(
            {.time = future, .price_ticks = Ticks{1}, .price = 1, .quantity = 1e6, .notional = 1e6});
        told.analysis.on_ticker({}, future, 0);
    }
    ASSERT_EQ(honest.minutes.size(), told.minutes.size());
    for (std::size_t i = 0; i < honest.minutes.size(); ++i) {
        EXPECT_EQ(told.minutes[i].n_late, i == 1 ? 2U : 0U);
        told.minutes[i].n_late = honest.minutes[i].n_late;
        EXPECT_EQ(test::row_text(told.minutes[i], kInstrument), test::row_text(honest.minutes[i], kInstrument));
    }
}

TEST(SymbolAnalysis, ABookUpdateFromTheFutureCountsNow) {
    const auto records = day_part(60, 60 * 3 + 2);
    Player player(kInstrument, {});
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (i == records.size() / 2) {
            const Timestamp future = records[i].time + hours{1};
            player.analysis.before_book(future, player.book());
            player.analysis.on_book({.time = future, .book = player.book(), .instrument = kInstrument});
        }
        player.play(records[i]);
    }
    ASSERT_EQ(player.minutes.size(), 3U);
    EXPECT_EQ(player.minutes[2].book_samples, 60U);
    EXPECT_TRUE(player.minutes[2].ofi_book_1m.has_value());
}

TEST(SymbolAnalysis, AStateMayBeLoadedLongAfterItWasSaved) {
    const auto records = day_part(61, 60 * 20);
    Player before(kInstrument, {});
    for (const Record& record : records) before.play(record);
    SymbolAnalysis after(kInstrument, {});
    ASSERT_TRUE(after.load(before.saved()).has_value());
    // Three hours and a bit later the records come first, then the seconds.
    const Timestamp now = test::kStart + hours{3} + std::chrono::milliseconds{17'400};
    market::OrderBook book(4096);
    after.before_book(now, book);
    const auto snapshot = std::find_if(records.begin(), records.end(), [](const Record& record) {
        return std::holds_alternative<test::OwnedUpdate>(record.body);
    });
    ASSERT_EQ(book.apply(std::get<test::OwnedUpdate>(snapshot->body).view()), market::ApplyResult::applied);
    after.on_book({.time = now, .book = book, .instrument = kInstrument});
    after.on_print({.time = now, .price_ticks = Ticks{20'000}, .price = 200, .quantity = 1, .notional = 200});
    const Timestamp first = floor_to(now, seconds{1});
    (void)after.evaluate(first, book, {.trades_connection_age = seconds{0}});
    const Evaluation evaluation = after.evaluate(first + seconds{1}, book, {.trades_connection_age = seconds{0}});
    EXPECT_GT(evaluation[Dimension::order_flow].components[0].leaves[0].n, 10U);  // the past is still there
    EXPECT_TRUE(evaluation[Dimension::order_flow].components[0].leaves[0].flags.has(Flag::gap));
    const auto missing = after.next_missing_minute();
    ASSERT_TRUE(missing.has_value());
    EXPECT_EQ(missing->start, test::kStart + minutes{19});
}

TEST(SymbolAnalysis, LostPrintsAreAGapNotSilence) {
    const auto records = day_part(46, 60 * 9);
    Player player(kInstrument, {});
    std::vector<std::pair<Timestamp, Leaf>> leaves;
    player.on_evaluation = [&](const Evaluation& e) {
        leaves.emplace_back(e.at, e[Dimension::order_flow].components[0].leaves[1]);
    };
    player.inputs_at = [](Timestamp u) {
        EvaluationInputs inputs{.trades_connection_age = seconds{0}};
        inputs.trades_missing = u > test::kStart + minutes{6} && u <= test::kStart + minutes{6} + seconds{30};
        return inputs;
    };
    for (const Record& record : records) player.play(record);
    for (const auto& [at, leaf] : leaves) {
        const bool is_after = at > test::kStart + minutes{6};
        if (at >= test::kStart + minutes{6}) {
            EXPECT_EQ(leaf.flags.has(Flag::gap), is_after) << to_ms(at);
        }
    }
    EXPECT_TRUE(player.minutes[6].has_gap);
    EXPECT_FALSE(player.minutes[5].has_gap);
    EXPECT_FALSE(player.minutes[7].has_gap);
}

TEST(SymbolAnalysis, AChangedContractForgetsWhatIsCountedInItsPrices) {
    Player player(kInstrument, {});
    std::optional<Leaf> footprint;
    player.on_evaluation = [&](const Evaluation& e) { footprint = e[Dimension::order_flow].components[6].leaves[0]; };
    const auto records = day_part(49, 60 * 40);
    std::size_t i = 0;
    for (; records[i].time < test::kStart + minutes{20}; ++i) player.play(records[i]);
    EXPECT_TRUE(footprint->value.has_value());
    EXPECT_FALSE(footprint->flags.has(Flag::contract_changed));
    player.analysis.on_contract_changed(kInstrument);
    player.play(records[i++]);
    player.reach(test::kStart + minutes{20} + seconds{3});
    EXPECT_FALSE(footprint->value.has_value());
    EXPECT_TRUE(footprint->flags.has(Flag::contract_changed));
    for (; i < records.size(); ++i) {
        if (records[i].time >= test::kStart + minutes{20} + seconds{3}) player.play(records[i]);
    }
    EXPECT_TRUE(footprint->value.has_value());
    EXPECT_FALSE(footprint->flags.has(Flag::contract_changed));
}

TEST(SymbolAnalysis, BitcoinsReturnIsItsOwn) {
    const market::Instrument bitcoin = test::made_up_instrument("BTC");
    Player player(bitcoin, {});
    for (const Record& record : day_part(47, 182)) player.play(record);
    ASSERT_TRUE(player.minutes[1].ret_mid_bps_1m.has_value());
    EXPECT_EQ(player.minutes[1].btc_ret_bps_1m, player.minutes[1].ret_mid_bps_1m);
    Player alt(kInstrument, {});
    alt.inputs_at = [](Timestamp) { return EvaluationInputs{.btc_ret_bps_1m = 7.5}; };
    for (const Record& record : day_part(47, 182)) alt.play(record);
    EXPECT_EQ(alt.minutes[1].btc_ret_bps_1m, 7.5);
}

TEST(SymbolAnalysis, StaysWithinItsMemory) {
    // The saved state is all that grows: rings, bins and histograms at their fixed sizes.
    Player player(kInstrument, {});
    for (const Record& record : day_part(48, 60 * 20)) player.play(record);
    EXPECT_LT(player.saved().size(), 600'000U);
}

}  // namespace
}  // namespace vt::analysis
