#include "cards/score_card.hpp"

#include "base/page_format.hpp"
#include "cards/palette.hpp"
#include "cards/parts.hpp"
#include "cards/pen.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vt::cards {
namespace {

constexpr double kRowPitch = 38;    // of the sides
constexpr double kLeftWidth = 276;  // score, direction, coverage, confidence
constexpr double kNameX = kMargin + 324, kNameWidth = 196;
constexpr double kTrackX = kNameX + kNameWidth + 14, kTrackWidth = 180, kTrackHeight = 16;
constexpr double kScoreRight = kTrackX + kTrackWidth + 84;
constexpr double kRight = kMargin + kContent;
constexpr std::size_t kMostSides = 10, kMostCells = 8;
constexpr int kPointDecimals = 2;

Color color_of(Tone tone) {
    switch (tone) {
        case Tone::up: return Palette::up;
        case Tone::down: return Palette::down;
        case Tone::flat: return Palette::fg;
    }
    return Palette::fg;
}
Color color_of(const Lean& lean) { return lean.is_weak ? Palette::fg : color_of(lean.tone); }

/// out: the width that it takes
double add_arrow(const Pen& pen, alerts::Side side, double x, double baseline) {
    const bool is_up = side == alerts::Side::up;
    pen.scene.shapes.emplace_back(Triangle{
        .box = {x, baseline - 20, 23, 20}, .points_up = is_up, .color = is_up ? Palette::up : Palette::down});
    return 34;
}

void add_title(const Pen& pen, const ScoreCard& card, const Place& place) {
    const double arrow = card.side && !card.score ? add_arrow(pen, *card.side, place.x, place.baseline) : 0;
    pen.text(card.title, Pen::body(Palette::fg), {place.x + arrow, place.baseline, place.width - arrow});
}

/// out: where the part ends
double add_head(const Pen& pen, const ScoreCard& card) {
    constexpr double kFirst = kMargin + 33, kSecond = kFirst + 46;
    double right = pen.mode_pill(card.mode, kRight, kFirst);
    switch (card.severity) {
        case alerts::Severity::info: break;
        case alerts::Severity::warn:
            right = pen.pill("WARNING", Palette::warn_wash, Palette::warn, right - 12, kFirst);
            break;
        case alerts::Severity::high:
            right = pen.pill("HIGH", Palette::warn_wash, Palette::warn, right - 12, kFirst);
            break;
        case alerts::Severity::critical:
            right = pen.pill("CRITICAL", Palette::down_wash, Palette::down, right - 12, kFirst);
            break;
    }
    if (card.count > 1)
        right = pen.pill("× " + number_text(card.count, 0), Palette::raised, Palette::fg, right - 12, kFirst);
    const double room = right - 20 - kMargin;
    const bool is_of_symbol = !card.symbol.empty();
    const std::string& words = is_of_symbol ? card.symbol : card.title;
    const bool is_large = is_of_symbol || pen.fonts.fitted(words, TypeScale::head, room) == words;
    const double taken =
        pen.text(words, {.type = is_large ? TypeScale::head : TypeScale::body_bold, .color = Palette::fg},
                 {kMargin, kFirst, room});
    if (is_of_symbol && room - taken - 16 > 40)
        pen.text(card.market, Pen::small(Palette::muted), {kMargin + taken + 16, kFirst, room - taken - 16});
    if (!is_of_symbol && card.price.empty()) return kFirst + 24;
    const double price = pen.text(card.price, Pen::body_bold(Palette::fg, Align::right),
                                  {kMargin + kContent / 2, kSecond, kContent / 2});
    if (is_of_symbol) add_title(pen, card, {kMargin, kSecond, kContent - price - (price > 0 ? 24 : 0)});
    return kSecond + 24;
}

void add_direction(const Pen& pen, const std::string& direction, double baseline) {
    const bool is_long = direction == "long", is_short = direction == "short";
    const Color color = is_long ? Palette::up : is_short ? Palette::down : Palette::fg;
    double x = kMargin;
    if (is_long || is_short) x += add_arrow(pen, is_long ? alerts::Side::up : alerts::Side::down, x, baseline);
    const std::string_view words = is_long                  ? "LONG"
                                   : is_short               ? "SHORT"
                                   : direction.empty()      ? "Direction unknown"
                                   : direction == "neutral" ? "NEUTRAL"
                                                            : std::string_view(direction);
    pen.text(words, Pen::body_bold(color), {x, baseline, kMargin + kLeftWidth - x});
}

void add_share(const Pen& pen, std::string_view label, std::optional<double> share, double baseline) {
    pen.text(label, Pen::small(Palette::muted), {kMargin, baseline, 150});
    pen.text(share ? share_text(share) : "unknown", Pen::small_bold(Palette::fg, Align::right),
             {kMargin + 150, baseline, kLeftWidth - 150});
}

void add_score(const Pen& pen, const alerts::ScoreFigures& figures, double first, double last) {
    if (figures.score) {
        const Style large{.type = TypeScale::score, .color = color_of(score_lean(figures.score, 1))};
        pen.text(number_text(figures.score, 1), large, {kMargin - 4, first + 56, kLeftWidth + 20});
        add_direction(pen, figures.direction, first + 3 * kRowPitch);
    } else {
        const Style head{.type = TypeScale::head, .color = Palette::warn};
        pen.text("No score", head, {kMargin, first + 18, kLeftWidth});
        pen.text("it needs 50% coverage", Pen::small(Palette::muted), {kMargin, first + 18 + kRowPitch, kLeftWidth});
    }
    add_share(pen, "Coverage", figures.coverage, last - kRowPitch);
    add_share(pen, "Confidence", figures.confidence, last);
}

/// The bar of one side, around 50; hatched where its score is not known.
void add_bar(const Pen& pen, const std::optional<double>& score, double baseline) {
    constexpr double kMiddle = kTrackX + kTrackWidth / 2;
    const Box track{kTrackX, baseline - 0.36 * TypeScale::small.size - kTrackHeight / 2, kTrackWidth, kTrackHeight};
    if (!score) {
        pen.scene.shapes.emplace_back(
            Rectangle{.box = track, .color = Palette::neutral_bar, .radius = 3, .is_hatched = true});
        return;
    }
    pen.box(track, Palette::bar_track, 3);
    const double end = kTrackX + std::clamp(*score, 0.0, 100.0) / 100 * kTrackWidth;
    const Lean lean = score_lean(score, 1);
    const Color color = lean.is_weak || lean.tone == Tone::flat ? Palette::neutral_bar : color_of(lean.tone);
    if (end != kMiddle) pen.box({std::min(kMiddle, end), track.y, std::abs(end - kMiddle), kTrackHeight}, color, 2);
    pen.box({kMiddle - 1, track.y - 4, 2, kTrackHeight + 8}, Palette::muted);
}

/// What is no finite number is not known.
std::optional<double> known(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? value : std::nullopt;
}
alerts::ScoreFigures known(alerts::ScoreFigures figures) {
    figures.score = known(figures.score);
    figures.confidence = known(figures.confidence);
    for (alerts::SideScore& side : figures.sides) side.score = known(side.score);
    return figures;
}

struct Row {
    std::string name;
    std::optional<alerts::SideScore> side;  ///< absent: no side, only points
    double points = 0;
};

/// The sides and what of the score's sum is in none of them, rounded together.
std::vector<Row> rows_of(const alerts::ScoreFigures& figures) {
    std::vector<double> parts;
    double total = 0;
    for (const alerts::SideScore& side : figures.sides) {
        parts.push_back(side.contribution);
        total += side.contribution;
    }
    if (figures.score) {
        parts.push_back(*figures.score - 50 - total);
        total = *figures.score - 50;
    }
    const std::vector<double> shown = rounded_to_sum(parts, total, kPointDecimals);
    std::vector<Row> rows;
    for (std::size_t index = 0; index < figures.sides.size(); ++index)
        rows.push_back({figures.sides[index].name, figures.sides[index], shown[index]});
    if (figures.score && !rows.empty() && shown.back() != 0) rows.push_back({"Adjustments", {}, shown.back()});
    return rows;
}

void add_row(const Pen& pen, const Row& row, double baseline) {
    pen.text(row.name, Pen::small(row.side ? Palette::fg : Palette::muted), {kNameX, baseline, kNameWidth});
    if (row.side) add_bar(pen, row.side->score, baseline);
    if (row.side && !row.side->score) {
        pen.text("unknown", Pen::small(Palette::muted, Align::right),
                 {kTrackX + kTrackWidth + 14, baseline, kRight - kTrackX - kTrackWidth - 14});
        return;
    }
    if (row.side)
        pen.text(number_text(row.side->score, 1),
                 Pen::small_bold(color_of(score_lean(row.side->score, 1)), Align::right),
                 {kScoreRight - 76, baseline, 76});
    const Tone tone = row.points > 0 ? Tone::up : row.points < 0 ? Tone::down : Tone::flat;
    pen.text(signed_text(row.points, kPointDecimals), Pen::small(color_of(tone), Align::right),
             {kScoreRight + 8, baseline, kRight - kScoreRight - 8});
}

/// out: the last baseline
double add_sides(const Pen& pen, const std::vector<Row>& rows, double first) {
    const Style label = Pen::small(Palette::muted);
    pen.text("0", label, {kTrackX, first, 40});
    pen.text("50", Pen::small(Palette::muted, Align::center), {kTrackX + kTrackWidth / 2 - 30, first, 60});
    pen.text("100", Pen::small(Palette::muted, Align::right), {kTrackX + kTrackWidth - 60, first, 60});
    pen.text("Score", Pen::small(Palette::muted, Align::right), {kScoreRight - 76, first, 76});
    pen.text("Points", Pen::small(Palette::muted, Align::right), {kScoreRight + 8, first, kRight - kScoreRight - 8});
    double baseline = first;
    for (const Row& row : rows) add_row(pen, row, baseline += kRowPitch);
    return baseline;
}

double add_body(const Pen& pen, const alerts::ScoreFigures& figures, double top) {
    const double first = top + 48;
    std::vector<Row> rows = rows_of(figures);
    if (rows.size() > kMostSides) {
        Row rest{"and " + std::to_string(rows.size() - kMostSides + 1) + " more", {}, 0};
        for (std::size_t index = kMostSides - 1; index < rows.size(); ++index) rest.points += rows[index].points;
        rows.resize(kMostSides - 1);
        rows.push_back(std::move(rest));
    }
    double last = first + 5 * kRowPitch;
    if (!rows.empty()) last = std::max(last, add_sides(pen, rows, first));
    add_score(pen, figures, first, last);
    return last + 26;
}

double add_levels(const Pen& pen, const alerts::Levels& levels, double top) {
    std::vector<Cell> cells;
    if (!levels.entry.empty()) cells.push_back({"Entry", levels.entry, Palette::fg});
    if (!levels.stop.empty()) cells.push_back({"Stop", levels.stop, Palette::down});
    for (std::size_t index = 0; index < levels.targets.size(); ++index)
        cells.push_back({"Target " + std::to_string(index + 1), levels.targets[index], Palette::up});
    const std::size_t ground = pen.scene.shapes.size();
    const double height = pen.cells(std::move(cells), kMostCells, {kMargin + 22, top + 38, kContent - 44}) + 60;
    pen.scene.shapes.insert(
        pen.scene.shapes.begin() + static_cast<std::ptrdiff_t>(ground),
        Rectangle{.box = {kMargin, top, kContent, height}, .color = Palette::raised, .radius = 10});
    return top + height + 14;
}

double add_figures(const Pen& pen, const std::vector<alerts::Figure>& figures, double top) {
    std::vector<Cell> cells;
    for (const alerts::Figure& figure : figures) cells.push_back({figure.name, figure.text, Palette::fg});
    return top + pen.cells(std::move(cells), kMostCells, {kMargin, top + 32, kContent}) + 56;
}

}  // namespace

ScoreCard score_card(const alerts::Alert& alert, Mode mode, std::string market, std::string price) {
    return {.mode = mode,
            .severity = alert.severity,
            .symbol = alert.symbol,
            .market = std::move(market),
            .title = alert.title,
            .price = std::move(price),
            .side = alert.side,
            .at = alert.at,
            .id = alert.id,
            .score = alert.score,
            .figures = alert.figures,
            .levels = alert.levels,
            .count = alert.count};
}

Scene card_above(const ScoreCard& card, Fonts& fonts) {
    Scene scene{.width = kWidth, .height = 0, .ground = Palette::panel, .shapes = {}};
    const Pen pen{scene, fonts};
    const double head_end = add_head(pen, card);
    const bool has_levels = card.levels && *card.levels != alerts::Levels{};
    double y = head_end;
    if (card.score || has_levels || !card.figures.empty()) pen.divider(head_end);
    if (card.score) y = add_body(pen, known(*card.score), y);
    if (has_levels) y = add_levels(pen, *card.levels, card.score ? y : y + 26);
    if (!card.figures.empty()) y = add_figures(pen, card.figures, y == head_end ? y + 14 : y);
    scene.height = y;
    return scene;
}

Scene card_foot(const ScoreCard& card, Fonts& fonts) {
    constexpr double kBaseline = 40;
    Scene scene{.width = kWidth, .height = kBaseline + 24, .ground = Palette::panel, .shapes = {}};
    const Pen pen{scene, fonts};
    pen.divider(0);
    const double time =
        pen.text(instant_text(card.at), Pen::small(Palette::muted), {kMargin, kBaseline, kContent / 2});
    pen.text(card.id, Pen::small(Palette::muted, Align::right),
             {kMargin + time + 24, kBaseline, kContent - time - 24});
    return scene;
}

Scene scene_of(const ScoreCard& card, Fonts& fonts) {
    return stacked(card_above(card, fonts), card_foot(card, fonts));
}

}  // namespace vt::cards
