#include "cards/chart.hpp"

#include "base/prng.hpp"
#include "cards/composed.hpp"
#include "cards/test_pictures.hpp"

#include <cmath>
#include <functional>
#include <limits>

namespace vt::cards {
namespace {

Scene drawn(const Chart& chart) {
    Result<Scene> scene = scene_of(chart, test_painter().fonts());
    EXPECT_TRUE(scene.has_value()) << scene.error().what;
    return scene ? *scene : Scene{};
}

std::vector<Rectangle> boxes_of(const Scene& scene, Color color, double highest, double lowest) {
    std::vector<Rectangle> found;
    for (const Shape& shape : scene.shapes)
        if (const auto* box = std::get_if<Rectangle>(&shape);
            box && box->color == color && box->box.y >= highest && box->box.bottom() <= lowest)
            found.push_back(*box);
    return found;
}
constexpr double kPricesTop = 84, kPricesBottom = 434, kVolumesTop = 440, kVolumesBottom = 504;

TEST(ChartPicture, NamesPricesTimesAndTheAlert) {
    const Scene made = drawn(sample_chart());
    for (const char* words : {"BTC/USDT", "1m candles, UTC", "DEMO", "Entry", "Stop", "Target 1", "Last", "97,412.3",
                              "97,018.9", "98,199.1", "Alert 12:03", "Volume", "11:30", "12:00"})
        EXPECT_TRUE(says(made, words)) << words;
    expect_sound(made, "sample");
    EXPECT_EQ(made.width, 1'000);
    EXPECT_EQ(made.height, 560);
}

TEST(ChartPicture, LevelsLieAtTheirPrices) {
    const Chart chart = sample_chart();
    const Scene made = drawn(chart);
    const auto y_of = [&](Color color, std::size_t nth) {
        std::vector<double> found;
        for (const Shape& shape : made.shapes)
            if (const auto* line = std::get_if<Line>(&shape);
                line && line->color == color && line->y1 == line->y2 && line->x1 == kMargin)
                found.push_back(line->y1);
        EXPECT_GT(found.size(), nth);
        return found.at(nth);
    };
    const double stop = y_of(Palette::down, 0), entry = y_of(Palette::accent, 0);
    const double first = y_of(Palette::up, 2), second = y_of(Palette::up, 1);  // from the top: the third, the second
    const double pixels = (stop - entry) / (97'412.3 - 97'018.9);
    EXPECT_GT(pixels, 0);
    EXPECT_NEAR(entry - first, pixels * (97'805.7 - 97'412.3), 1e-6);
    EXPECT_NEAR(entry - second, pixels * (98'199.1 - 97'412.3), 1e-6);
    const Picture picture = painted(made);
    EXPECT_NE(picture.at(kMargin + 3, stop), Palette::panel);
    EXPECT_EQ(picture.at(kMargin + 3, stop + 5), Palette::panel);
}

TEST(ChartPicture, RisingIsHollowAndFallingIsFilled) {
    Chart chart = sample_chart();
    chart.levels.clear();
    chart.last_price.reset();
    chart.alert_at.reset();
    chart.candles.resize(2);
    chart.candles[0].open = chart.candles[0].low = 100;
    chart.candles[0].close = chart.candles[0].high = 110;
    chart.candles[1].open = chart.candles[1].high = 110;
    chart.candles[1].close = chart.candles[1].low = 100;
    const Scene made = drawn(chart);
    const auto rising = boxes_of(made, Palette::up, kPricesTop, kPricesBottom);
    const auto falling = boxes_of(made, Palette::down, kPricesTop, kPricesBottom);
    ASSERT_EQ(rising.size(), 1U);
    ASSERT_EQ(falling.size(), 1U);
    EXPECT_EQ(rising[0].box.height, falling[0].box.height);
    const Picture picture = painted(made);
    const auto middle = [&](const Box& box) { return picture.at(box.x + box.width / 2, box.y + box.height / 2); };
    EXPECT_EQ(middle(rising[0].box), Palette::panel);
    EXPECT_EQ(picture.at(rising[0].box.x, rising[0].box.y + 3), Palette::up);
    EXPECT_EQ(middle(falling[0].box), Palette::down);
}

TEST(ChartPicture, AGapStaysAGap) {
    const Chart chart = sample_chart();
    const Scene made = drawn(chart);
    std::vector<double> at;  // of the volumes, one for each candle
    for (const Color color : {Palette::up_soft, Palette::down_soft})
        for (const Rectangle& bar : boxes_of(made, color, kVolumesTop, kVolumesBottom)) at.push_back(bar.box.x);
    std::sort(at.begin(), at.end());
    ASSERT_EQ(at.size(), chart.candles.size());
    const double usual = (at.back() - at.front()) / 89;
    double widest = 0;
    for (std::size_t index = 1; index < at.size(); ++index) widest = std::max(widest, at[index] - at[index - 1]);
    EXPECT_NEAR(widest, 8 * usual, 1.5);  // seven are missing
    const Picture picture = painted(made);
    const double left = at[19] + usual;  // behind the twentieth candle
    const Box hole{left + 4, kVolumesTop, 5 * usual, kVolumesBottom - kVolumesTop};
    EXPECT_EQ(picture.count(hole, Palette::up_soft) + picture.count(hole, Palette::down_soft), 0U);
}

TEST(ChartPicture, TheTallestVolumeFillsItsRoom) {
    Chart chart = sample_chart();
    chart.candles[5].volume_base = 1'234'567;
    const Scene made = drawn(chart);
    EXPECT_TRUE(says(made, "1.23M"));
    double highest = 0;
    for (const Color color : {Palette::up_soft, Palette::down_soft})
        for (const Rectangle& bar : boxes_of(made, color, kVolumesTop, kVolumesBottom))
            highest = std::max(highest, bar.box.height);
    EXPECT_EQ(highest, kVolumesBottom - kVolumesTop);
    for (market::Candle& candle : chart.candles) candle.volume_base = 0;
    EXPECT_TRUE(boxes_of(drawn(chart), Palette::up_soft, kVolumesTop, kVolumesBottom).empty());
}

TEST(ChartPicture, FarLevelsAreNamedAtTheEdgeWithAnArrow) {
    Chart chart = sample_chart();
    chart.levels = {{LevelKind::target, "Target 1", 1'000'000}, {LevelKind::stop, "Stop", 10}};
    const Scene made = drawn(chart);
    EXPECT_TRUE(says(made, "Target 1 ↑"));
    EXPECT_TRUE(says(made, "1,000,000.0"));
    EXPECT_TRUE(says(made, "Stop ↓"));
    std::size_t across = 0;
    for (const Shape& shape : made.shapes)
        if (const auto* line = std::get_if<Line>(&shape)) across += line->x1 == kMargin ? 1U : 0U;
    EXPECT_EQ(across, 1U);  // the last price alone
    expect_sound(made, "far");
}

TEST(ChartPicture, AnAlertOutsideOfTheCandlesIsSaid) {
    Chart chart = sample_chart();
    chart.alert_at = chart.candles.back().open_time + chart.interval;
    Scene made = drawn(chart);
    EXPECT_TRUE(says(made, "1m candles, UTC; alert of 2026-11-24 12:11 not shown"));
    chart.alert_at = chart.candles.back().open_time + chart.interval - Nanos{1};
    made = drawn(chart);
    EXPECT_TRUE(says(made, "1m candles, UTC"));
    EXPECT_TRUE(says(made, "Alert 12:10"));
    expect_sound(made, "at the end");
    chart.alert_at = chart.candles.front().open_time;
    expect_sound(drawn(chart), "at the beginning");
}

TEST(ChartPicture, NothingAndOneCandleDraw) {
    Chart chart = sample_chart();
    chart.candles.resize(1);
    const Scene one = drawn(chart);
    expect_sound(one, "one");
    EXPECT_EQ(boxes_of(one, Palette::up_soft, kVolumesTop, kVolumesBottom).size() +
                  boxes_of(one, Palette::down_soft, kVolumesTop, kVolumesBottom).size(),
              1U);
    chart.candles[0].open = chart.candles[0].high = chart.candles[0].low = chart.candles[0].close;
    chart.levels.clear();
    chart.last_price.reset();
    expect_sound(drawn(chart), "flat");
    chart.candles.clear();
    const Scene none = drawn(chart);
    EXPECT_TRUE(says(none, "No candles of this time"));
    expect_sound(none, "none");
}

TEST(ChartPicture, WhatCannotBeDrawnIsRefusedByName) {
    const double not_a_number = std::nan("");
    const double infinite = std::numeric_limits<double>::infinity();
    struct Case {
        std::function<void(Chart&)> spoil;
        Errc code;
        std::string what;
    };
    const std::vector<Case> cases{
        {[=](Chart& c) { c.candles[3].high = not_a_number; }, Errc::malformed, "chart: candle 3: high is no price"},
        {[=](Chart& c) { c.candles[0].open = -1; }, Errc::malformed, "chart: candle 0: open is no price"},
        {[=](Chart& c) { c.candles[1].close = 0; }, Errc::malformed, "chart: candle 1: close is no price"},
        {[=](Chart& c) { c.candles[2].low = infinite; }, Errc::malformed, "chart: candle 2: low is no price"},
        {[=](Chart& c) { c.candles[2].volume_base = not_a_number; }, Errc::malformed,
         "chart: candle 2: volume is no amount"},
        {[=](Chart& c) { c.candles[2].volume_base = -1; }, Errc::malformed, "chart: candle 2: volume is no amount"},
        {[](Chart& c) {
             c.candles[4].high = c.candles[4].low;
             c.candles[4].open *= 1.1;
         },
         Errc::malformed, "chart: candle 4: high and low do not hold open and close"},
        {[](Chart& c) { c.candles[5].open_time = c.candles[4].open_time; }, Errc::malformed,
         "chart: candle 5: it is not later than the one before"},
        {[](Chart& c) { c.candles[5].open_time += std::chrono::seconds{1}; }, Errc::malformed,
         "chart: candle 5: it begins between two intervals"},
        {[](Chart& c) { c.candles[6].interval = std::chrono::minutes{5}; }, Errc::malformed,
         "chart: candle 6: it is of another interval"},
        {[](Chart& c) { c.candles[7].open_time = Timestamp::max(); }, Errc::malformed,
         "chart: candle 7: time is outside of 1970 to 2100"},
        {[](Chart& c) { c.interval = Nanos{0}; }, Errc::malformed,
         "chart: the interval of the candles is not above 0"},
        {[=](Chart& c) { c.tick_size = not_a_number; }, Errc::malformed, "chart: the tick size is not above 0"},
        {[](Chart& c) { c.tick_size = 0; }, Errc::malformed, "chart: the tick size is not above 0"},
        {[=](Chart& c) { c.last_price = not_a_number; }, Errc::malformed, "chart: the last price is no price"},
        {[=](Chart& c) { c.levels[1].price = not_a_number; }, Errc::malformed, "chart: level \"Stop\" is no price"},
        {[](Chart& c) { c.levels.resize(9, c.levels[0]); }, Errc::out_of_range, "chart: 9 levels, it takes 8"},
        {[](Chart& c) { c.candles.back().open_time += c.interval * 500; }, Errc::out_of_range,
         "chart: more than 500 intervals; give the newest"},
    };
    for (const Case& each : cases) {
        Chart chart = sample_chart();
        each.spoil(chart);
        const Result<Scene> scene = scene_of(chart, test_painter().fonts());
        ASSERT_FALSE(scene.has_value()) << each.what;
        EXPECT_EQ(scene.error().code, each.code) << each.what;
        EXPECT_EQ(scene.error().what, each.what);
        EXPECT_FALSE(composed(sample_card(), chart, test_painter().fonts()).has_value());
    }
}

TEST(ChartPicture, ReadsTheLevelsOfAnAlert) {
    const auto levels = price_levels({"97,412.3", "0.00001234", {"", "1,000,000"}});
    ASSERT_TRUE(levels.has_value());
    const std::vector<PriceLevel> expected{{LevelKind::entry, "Entry", 97'412.3},
                                           {LevelKind::stop, "Stop", 0.00001234},
                                           {LevelKind::target, "Target 2", 1e6}};
    EXPECT_EQ(*levels, expected);
    for (const char* text : {"—", "-5", "0", "nan", "12.3.4", "about 5"}) {
        const auto refused = price_levels({"1", text, {}});
        ASSERT_FALSE(refused.has_value()) << text;
        EXPECT_EQ(refused.error().what, "chart: level \"Stop\" is no price: " + std::string(text));
    }
}

/// Prices of all sizes, few and many candles, levels near and far: nothing lies on anything or leaves the picture.
TEST(ChartPicture, AnyMarketDrawsSoundly) {
    Prng random(29);
    for (int round = 0; round < 150; ++round) {
        const double price = std::pow(10.0, random.uniform() * 14 - 8);
        const double tick = std::pow(10.0, std::floor(std::log10(price)) - 1 - std::floor(random.uniform() * 5));
        Chart chart{.mode = Mode::live, .symbol = "1000000MOG/USDT", .tick_size = tick};
        chart.interval = std::chrono::minutes{std::array{1, 5, 60, 240, 1'440}[static_cast<std::size_t>(round % 5)]};
        const int count = 1 + static_cast<int>(random.uniform() * 400);
        chart.candles =
            sample_candles(count, price, random.uniform() * 0.01, chart.interval, static_cast<std::uint32_t>(round));
        const double last = chart.candles.back().close;
        if (round % 3 != 0) chart.last_price = last;
        const auto levels = static_cast<int>(random.uniform() * 9);
        for (int level = 0; level < levels; ++level)
            chart.levels.push_back({level == 0   ? LevelKind::entry
                                    : level == 1 ? LevelKind::stop
                                                 : LevelKind::target,
                                    level % 4 == 3 ? "A long name of a level" : "Target " + std::to_string(level),
                                    last * (0.7 + random.uniform() * 0.6)});
        if (round % 4 != 0) chart.alert_at = chart.candles.back().open_time - chart.interval * (count / 2);
        expect_sound(drawn(chart), "round " + std::to_string(round));
    }
}

}  // namespace
}  // namespace vt::cards
