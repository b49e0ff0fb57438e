#include "cards/painter.hpp"

#include "cards/composed.hpp"
#include "cards/test_pictures.hpp"

#include <cmath>
#include <thread>

namespace vt::cards {
namespace {

constexpr std::size_t kMostBytes = 300'000;

std::string bytes_of(const Scene& scene, Painter& painter = test_painter()) {
    Result<std::string> bytes = painter.png(scene);
    EXPECT_TRUE(bytes.has_value());
    return bytes ? *std::move(bytes) : std::string{};
}

TEST(CardPainter, WritesPngOfTheScenesSize) {
    Fonts& fonts = test_painter().fonts();
    for (const Scene& scene : {scene_of(sample_card(), fonts), *scene_of(sample_chart(), fonts),
                               *composed(sample_card(), sample_chart(), fonts)}) {
        const std::string bytes = bytes_of(scene);
        EXPECT_TRUE(bytes.starts_with("\x89PNG\r\n\x1a\n"));
        EXPECT_LT(bytes.size(), kMostBytes);
        const Picture picture = decoded(bytes);
        EXPECT_EQ(picture.width, 1'000);
        EXPECT_EQ(picture.height, static_cast<int>(std::ceil(scene.height)));
        for (const double x : {0.0, 999.0})
            for (const double y : {0.0, scene.height - 1}) EXPECT_EQ(picture.at(x, y), Palette::panel);
    }
}

TEST(CardPainter, TheSameSceneGivesTheSameBytes) {
    const Scene scene = *composed(sample_card(), sample_chart(), test_painter().fonts());
    const std::string first = bytes_of(scene);
    EXPECT_EQ(first, bytes_of(scene));
    ScoreCard other = sample_card();
    other.score->score = 71.4;  // shown as 71.4 and not as 71.3
    EXPECT_NE(first, bytes_of(*composed(other, sample_chart(), test_painter().fonts())));
    {
        Result<Painter> second = Painter::make();
        ASSERT_TRUE(second.has_value());
        Painter moved = std::move(*second);
        EXPECT_EQ(first, bytes_of(scene, moved));
    }
    EXPECT_EQ(first, bytes_of(scene));  // what the other one left behind changes nothing
}

TEST(CardPainter, PaintersOfTwoThreadsKnowNothingOfEachOther) {
    const std::string expected = bytes_of(scene_of(sample_card(), test_painter().fonts()));
    std::vector<std::string> made(4);
    std::vector<std::thread> threads;
    for (std::string& bytes : made)
        threads.emplace_back([&bytes] {
            for (int round = 0; round < 3; ++round) {
                Painter painter = *Painter::make();
                bytes = *painter.png(scene_of(sample_card(), painter.fonts()));
            }
        });
    for (std::thread& thread : threads) thread.join();
    for (const std::string& bytes : made) EXPECT_TRUE(bytes == expected);
}

TEST(CardPainter, RefusesWhatIsNoPicture) {
    for (const auto& [width, height] : std::vector<std::pair<double, double>>{
             {0, 10}, {10, 0}, {-5, 10}, {4'097, 10}, {10, 1e9}, {std::nan(""), 10}}) {
        const Result<std::string> refused = test_painter().png({.width = width, .height = height});
        ASSERT_FALSE(refused.has_value());
        EXPECT_EQ(refused.error().code, Errc::out_of_range);
    }
}

TEST(CardPainter, ShapesAreWhereTheyAre) {
    Scene scene{.width = 100, .height = 60, .ground = Palette::panel, .shapes = {}};
    scene.shapes.emplace_back(Rectangle{.box = {10, 10, 20, 20}, .color = Palette::up});
    scene.shapes.emplace_back(Rectangle{.box = {40, 10, 20, 20}, .color = Palette::up, .radius = 8});
    scene.shapes.emplace_back(Line{10, 50, 90, 50, Palette::down, 4, true});
    scene.shapes.emplace_back(Triangle{.box = {70, 10, 20, 20}, .points_up = true, .color = Palette::fg});
    const Picture picture = painted(scene);
    EXPECT_EQ(picture.at(10, 10), Palette::up);
    EXPECT_EQ(picture.at(29, 29), Palette::up);
    EXPECT_EQ(picture.at(30, 29), Palette::panel);
    EXPECT_EQ(picture.at(40, 10), Palette::panel);  // a round corner
    EXPECT_EQ(picture.at(50, 10), Palette::up);
    EXPECT_EQ(picture.at(80, 28), Palette::fg);
    EXPECT_EQ(picture.at(72, 12), Palette::panel);  // beside the tip
    EXPECT_EQ(picture.at(12, 50), Palette::down);
    EXPECT_EQ(picture.at(21, 50), Palette::panel);  // between two dashes
}

TEST(CardComposed, IsTheCardTheChartAndOneLastLine) {
    Fonts& fonts = test_painter().fonts();
    const Scene card = scene_of(sample_card(), fonts), both = *composed(sample_card(), sample_chart(), fonts);
    EXPECT_DOUBLE_EQ(both.height, card.height + scene_of(sample_chart(), fonts)->height);
    const std::vector<std::string> texts = texts_of(both);
    EXPECT_EQ(std::count(texts.begin(), texts.end(), "DEMO"), 1);
    EXPECT_EQ(texts.back(), sample_alert().id);
    EXPECT_GT(text_of(both, sample_alert().id)->baseline, text_of(both, "Volume")->baseline);
    EXPECT_GT(text_of(both, "Volume")->baseline, text_of(both, "Coverage")->baseline);
    expect_sound(both, "both");
}

}  // namespace
}  // namespace vt::cards
