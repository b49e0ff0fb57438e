#include "base/page_format.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

namespace vt {
namespace {

std::vector<std::string> split(const std::string& line, char at) {
    std::vector<std::string> parts(1);
    for (const char each : line)
        if (each == at)
            parts.emplace_back();
        else
            parts.back() += each;
    return parts;
}

std::string lean_words(const Lean& lean) {
    const std::string side = lean.tone == Tone::up ? "up" : lean.tone == Tone::down ? "down" : "flat";
    return side + (lean.is_weak ? " weak" : "");
}

std::string sum_words(const std::string& parts, double total) {
    std::vector<double> values;
    for (const std::string& part : split(parts, ' ')) values.push_back(std::stod(part));
    std::string words;
    for (const double value : rounded_to_sum(values, total, 2))
        words += (words.empty() ? "" : " ") + number_text(value, 2);
    return words;
}

/// What a line of the file asks for.
std::string answer(const std::vector<std::string>& line) {
    const std::string& rule = line[0];
    if (rule == "sum") return sum_words(line[1], std::stod(line[2]));
    const double value = std::stod(line[1]);
    const double second = line[2].empty() ? 0 : std::stod(line[2]);
    const int digits = static_cast<int>(second);
    if (rule == "price") return price_text(value, second);
    if (rule == "number") return number_text(value, digits);
    if (rule == "signed") return signed_text(value, digits);
    if (rule == "share") return share_text(value);
    if (rule == "compact") return compact_text(value);
    if (rule == "decimals") return std::to_string(tick_decimals(value));
    if (rule == "lean") return lean_words(score_lean(value, digits));
    const Timestamp at = from_ms(static_cast<std::int64_t>(value));
    if (rule == "instant") return instant_text(at);
    if (rule == "clock") return clock_text(at);
    if (rule == "day") return at < from_ms(0) + kDay ? "" : day_text(at);
    return "no such rule";
}

TEST(PageFormat, WritesWhatThePagesWrite) {
    std::ifstream file(std::string(VT_SOURCE_DIR) + "/tests/golden/page_formats/cases.tsv");
    std::map<std::string, int> counts;
    for (std::string text; std::getline(file, text);) {
        const std::vector<std::string> line = split(text, '\t');
        ASSERT_EQ(line.size(), 4U) << text;
        EXPECT_EQ(answer(line), line[3]) << text;
        ++counts[line[0]];
    }
    EXPECT_EQ(counts.size(), 11U);
    EXPECT_GE(counts["number"], 100);
    EXPECT_GE(counts["sum"], 40);
}

TEST(PageFormat, WhatIsNotKnownIsADash) {
    for (const std::optional<double> value : {std::optional<double>{}, std::optional{std::nan("")},
                                              std::optional{std::numeric_limits<double>::infinity()}}) {
        EXPECT_EQ(number_text(value, 1), "—");
        EXPECT_EQ(price_text(value, 0.1), "—");
        EXPECT_EQ(signed_text(value, 2), "—");
        EXPECT_EQ(share_text(value), "—");
        EXPECT_EQ(compact_text(value), "—");
        EXPECT_EQ(score_lean(value, 1), Lean{});
    }
    EXPECT_EQ(tick_decimals(std::nan("")), 2);
    EXPECT_EQ(instant_text(from_ms(-5)), "time unknown");
}

TEST(PageFormat, RoundsTheShortestFormAndNotTheBinaryOne) {
    EXPECT_EQ(number_text(1.005, 2), "1.01");  // in binary it is below
    EXPECT_EQ(number_text(0.999, 2), "1.00");
    EXPECT_EQ(number_text(9'999.999, 2), "10,000.00");
    EXPECT_EQ(number_text(std::numeric_limits<double>::denorm_min(), 2), "0.00");
    EXPECT_EQ(number_text(-1e-300, 1), "0.0");
    EXPECT_EQ(number_text(std::numeric_limits<double>::max(), 0).size(), 309U + 102U);
}

}  // namespace
}  // namespace vt
