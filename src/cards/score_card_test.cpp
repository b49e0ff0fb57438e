#include "cards/score_card.hpp"

#include "base/prng.hpp"
#include "cards/test_pictures.hpp"

#include <cmath>

namespace vt::cards {
namespace {

Scene scene(const ScoreCard& card) { return scene_of(card, test_painter().fonts()); }

ScoreCard card_of_sides(const std::vector<std::optional<double>>& scores) {
    ScoreCard card = sample_card();
    card.score->sides.clear();
    for (const std::optional<double>& score : scores)
        card.score->sides.push_back({"Side", score, score ? (*score - 50) / 10 : 0});
    return card;
}

/// The bars' grounds: what lies behind a known score, hatched for an unknown one, from top to bottom.
std::vector<Rectangle> tracks(const Scene& of) {
    std::vector<Rectangle> found;
    for (const Shape& shape : of.shapes)
        if (const auto* box = std::get_if<Rectangle>(&shape);
            box && (box->color == Palette::bar_track || box->is_hatched))
            found.push_back(*box);
    return found;
}

TEST(ScoreCardPicture, SaysWhatTheAlertSays) {
    const Scene made = scene(sample_card());
    for (const char* words : {"BTC/USDT",
                              "Bybit perp",
                              "Long signal: score above 68",
                              "97,412.3",
                              "DEMO",
                              "HIGH",
                              "71.3",
                              "LONG",
                              "Coverage",
                              "92%",
                              "Confidence",
                              "64%",
                              "Order flow",
                              "81.2",
                              "+9.36",
                              "Machine learning",
                              "41.2",
                              "−0.90",
                              "unknown",
                              "Adjustments",
                              "+3.67",
                              "Entry",
                              "Stop",
                              "97,018.9",
                              "Target 3",
                              "98,985.9",
                              "Funding",
                              "+0.0100%",
                              "2026-11-24 12:03:22 UTC",
                              "3f9a0c27d1e84b56a0c1d2e3f4a5b6c7"})
        EXPECT_TRUE(says(made, words)) << words;
    expect_sound(made, "sample");
}

TEST(ScoreCardPicture, PointsShownAddUpToTheScoreShown) {
    ScoreCard card = sample_card();
    card.score->score = 50.015;
    card.score->sides = {{"One", 60, 1.004}, {"Two", 40, -1.004}, {"Three", 50, 0.005}, {"Four", 50, 0.005}};
    const Scene made = scene(card);
    std::int64_t hundredths = 0;  // of what is shown in the column of points
    int rows = 0;
    for (const Shape& shape : made.shapes) {
        const auto* text = std::get_if<Text>(&shape);
        if (!text || text->type.size != TypeScale::small.size || text->text.find('.') == std::string::npos) continue;
        if (std::abs(text->room.right() - 2 - (kMargin + kContent)) > 0.01 || text->text.size() > 8) continue;
        const bool is_below = text->text.starts_with("−");
        const std::string digits = text->text.substr(is_below ? 3 : text->text.front() == '+' ? 1 : 0);
        hundredths += (is_below ? -1 : 1) * std::llround(std::stod(digits) * 100);
        ++rows;
    }
    EXPECT_GE(rows, 4);
    EXPECT_EQ(hundredths, 2);  // 50.015 is shown as 50.02
}

TEST(ScoreCardPicture, ABarEndsWhereItsScoreLies) {
    const Scene made = scene(card_of_sides({80.0, 20.0, 0.0, 100.0, 52.0}));
    const std::vector<Rectangle> bars = tracks(made);
    ASSERT_EQ(bars.size(), 5U);
    const Picture picture = painted(made);
    const auto at = [&](std::size_t bar, double score) {
        const Box& box = bars[bar].box;
        return picture.at(box.x + box.width * score / 100, box.y + box.height / 2);
    };
    EXPECT_EQ(at(0, 78), Palette::up);
    EXPECT_EQ(at(0, 82), Palette::bar_track);
    EXPECT_EQ(at(0, 45), Palette::bar_track);
    EXPECT_EQ(at(1, 22), Palette::down);
    EXPECT_EQ(at(1, 18), Palette::bar_track);
    EXPECT_EQ(at(1, 55), Palette::bar_track);
    EXPECT_EQ(at(2, 3), Palette::down);
    EXPECT_EQ(at(2, 97), Palette::bar_track);
    EXPECT_EQ(at(3, 97), Palette::up);
    EXPECT_EQ(at(4, 51.6), Palette::neutral_bar);  // a weak lean has no colour
    EXPECT_EQ(at(4, 54), Palette::bar_track);
    for (std::size_t bar = 0; bar < 5; ++bar) EXPECT_EQ(at(bar, 50), Palette::muted);
}

TEST(ScoreCardPicture, AnUnknownSideIsHatchedAndNoFifty) {
    const Scene made = scene(card_of_sides({50.0, {}}));
    const std::vector<Rectangle> bars = tracks(made);
    ASSERT_EQ(bars.size(), 2U);
    EXPECT_FALSE(bars[0].is_hatched);
    EXPECT_TRUE(bars[1].is_hatched);
    EXPECT_TRUE(says(made, "50.0"));
    EXPECT_TRUE(says(made, "unknown"));
    const Picture picture = painted(made);
    const Box inner{bars[1].box.x + 4, bars[1].box.y + 2, bars[1].box.width - 8, bars[1].box.height - 4};
    const double all = inner.width * inner.height;
    const auto ground = static_cast<double>(picture.count(inner, Palette::panel));
    const auto lines = static_cast<double>(picture.count(inner, Palette::neutral_bar));
    EXPECT_GT(ground / all, 0.3);  // lines with ground between them
    EXPECT_LT(ground / all, 0.8);
    EXPECT_GT(lines / all, 0.02);
    EXPECT_EQ(picture.count(inner, Palette::bar_track), 0U);
    const Box known = bars[0].box;  // at 50 a mark in the middle of an empty track
    EXPECT_EQ(picture.count({known.x + 4, known.y + 2, known.width / 2 - 8, known.height - 4}, Palette::bar_track),
              static_cast<std::size_t>(known.width / 2 - 8) * static_cast<std::size_t>(known.height - 4));
}

TEST(ScoreCardPicture, WithoutAScoreItSaysSo) {
    ScoreCard card = sample_card();
    card.score->score.reset();
    card.score->confidence.reset();
    card.score->coverage = 0.38;
    card.score->direction.clear();
    const Scene made = scene(card);
    EXPECT_TRUE(says(made, "No score"));
    EXPECT_TRUE(says(made, "it needs 50% coverage"));
    EXPECT_TRUE(says(made, "38%"));
    EXPECT_FALSE(says(made, "Adjustments"));
    EXPECT_FALSE(says(made, "50.0"));
    expect_sound(made, "no score");
}

TEST(ScoreCardPicture, DirectionIsWordsAndAnArrow) {
    for (const auto& [direction, words] : std::vector<std::pair<std::string, std::string>>{
             {"long", "LONG"}, {"short", "SHORT"}, {"neutral", "NEUTRAL"}, {"", "Direction unknown"}}) {
        ScoreCard card = sample_card();
        card.score->direction = direction;
        const Scene made = scene(card);
        EXPECT_TRUE(says(made, words));
        std::vector<bool> arrows;
        for (const Shape& shape : made.shapes)
            if (const auto* arrow = std::get_if<Triangle>(&shape)) arrows.push_back(arrow->points_up);
        const bool has_arrow = direction == "long" || direction == "short";
        ASSERT_EQ(arrows.size(), has_arrow ? 1U : 0U);
        if (has_arrow) {
            EXPECT_EQ(arrows[0], direction == "long");
        }
    }
}

TEST(ScoreCardPicture, WithoutAScoreTheSideIsAnArrowBeforeTheTitle) {
    alerts::Alert alert = sample_alert();
    alert.score.reset();
    const auto arrows = [&] {
        std::vector<Triangle> found;
        const Scene made = scene(score_card(alert, Mode::demo, "Bybit perp", "97,412.3"));
        expect_sound(made, "side");
        for (const Shape& shape : made.shapes)
            if (const auto* arrow = std::get_if<Triangle>(&shape)) {
                EXPECT_LT(arrow->box.right(), text_of(made, alert.title)->x);
                found.push_back(*arrow);
            }
        return found;
    };
    EXPECT_TRUE(arrows().empty());
    alert.side = alerts::Side::down;
    ASSERT_EQ(arrows().size(), 1U);
    EXPECT_FALSE(arrows()[0].points_up);
    EXPECT_EQ(arrows()[0].color, Palette::down);
    alert.side = alerts::Side::up;
    EXPECT_TRUE(arrows().at(0).points_up);
}

TEST(ScoreCardPicture, SaysItsModeAndItsUrgency) {
    ScoreCard card = sample_card();
    card.mode = Mode::live;
    card.severity = alerts::Severity::info;
    Scene made = scene(card);
    EXPECT_TRUE(says(made, "LIVE"));
    EXPECT_FALSE(says(made, "DEMO"));
    card.mode = Mode::paper;
    card.severity = alerts::Severity::critical;
    card.count = 1'234;
    made = scene(card);
    EXPECT_TRUE(says(made, "PAPER"));
    EXPECT_TRUE(says(made, "CRITICAL"));
    EXPECT_TRUE(says(made, "× 1,234"));
    expect_sound(made, "badges");
}

TEST(ScoreCardPicture, MoreThanFitsIsCounted) {
    ScoreCard card = sample_card();
    card.figures.clear();
    for (int index = 0; index < 30; ++index) card.figures.push_back({"Figure " + std::to_string(index), "1"});
    card.levels->targets.assign(20, "100,000.0");
    card.score->sides.assign(25, {"Side", 60.0, 0.4});
    const Scene made = scene(card);
    EXPECT_TRUE(says(made, "+23"));          // seven figures are shown
    EXPECT_TRUE(says(made, "+15"));          // of 22 levels seven are shown
    EXPECT_TRUE(says(made, "and 17 more"));  // of 25 sides and the adjustments nine are shown
    EXPECT_TRUE(says(made, "+17.74"));       // 21.34 without nine times 0.4
    EXPECT_LE(made.height, 1'050);
    expect_sound(made, "crowded");
}

TEST(ScoreCardPicture, HostileTextIsInert) {
    std::vector<std::string> hostile{std::string(10'000, 'W'),
                                     "\u202Etxt.exe\u202C \u2066x\u2069",
                                     "\x1b[31mred\x1b[0m\r\n\a\b",
                                     "<script>alert(1)</script> @everyone **bold** ||spoiler||",
                                     std::string("a\0b", 3),
                                     "Ż\u0301\u0301\u0301\u0301\u0301\u0301a\u0337l\u0337g\u0337o",
                                     "\xF0\x9F\x98\x80\xC3\x28\xE2\x82",
                                     "币安人生/USDT",
                                     "مرحبا עולם",
                                     std::string(300, '\n'),
                                     std::string("W ") + std::string(5'000, ' ') + "W",
                                     "ÅÄÖÉ gjpqy|"};
    Prng random(3);
    for (int round = 0; round < 20; ++round) {
        hostile.emplace_back();
        for (std::uint64_t count = random.below(200); count > 0; --count)
            hostile.back() += static_cast<char>(static_cast<unsigned char>(random.below(256)));
    }
    for (const std::string& text : hostile) {
        alerts::Alert alert = sample_alert();
        alert.symbol = alert.title = alert.id = text;
        alert.figures.assign(3, {text, text});
        alert.levels = alerts::Levels{text, text, {text, text}};
        alert.score->direction = text;
        for (alerts::SideScore& side : alert.score->sides) side.name = text;
        const Scene made = scene(score_card(alert, Mode::demo, text, text));
        expect_sound(made, text.substr(0, 40));
        EXPECT_TRUE(says(made, "DEMO"));
        const Picture picture = painted(made);
        EXPECT_EQ(picture.width, 1'000);
    }
}

TEST(ScoreCardPicture, AnAlertOfNoSymbolHasItsTitleOnTop) {
    alerts::Alert alert;
    alert.title = "The disk is full";
    alert.severity = alerts::Severity::critical;
    alert.at = sample_alert().at;
    alert.id = sample_alert().id;
    const Scene made = scene(score_card(alert, Mode::live, "", ""));
    const Text* title = text_of(made, alert.title);
    ASSERT_NE(title, nullptr);
    EXPECT_EQ(title->type.size, TypeScale::head.size);
    EXPECT_LT(made.height, 220);
    expect_sound(made, "system");
    alert.title = "The disk is full: nothing is recorded";  // smaller letters before an ellipsis
    const Scene longer = scene(score_card(alert, Mode::live, "", ""));
    ASSERT_NE(text_of(longer, alert.title), nullptr);
    EXPECT_EQ(text_of(longer, alert.title)->type.size, TypeScale::body.size);
}

TEST(ScoreCardPicture, EmptyAlertsAndOddNumbersDraw) {
    expect_sound(scene(score_card({}, Mode::demo, "", "")), "empty");
    ScoreCard card = sample_card();
    card.score->score = std::nan("");
    card.score->coverage = -1;
    card.score->sides = {{"Beyond", 1e300, 1e300}, {"Not", std::nan(""), std::nan("")}, {"Below", -5.0, -1e9}};
    expect_sound(scene(card), "odd");
    card.score->score = 100.0;
    card.score->sides.clear();
    const Scene made = scene(card);
    EXPECT_TRUE(says(made, "100.0"));
    expect_sound(made, "hundred");
}

}  // namespace
}  // namespace vt::cards
