#include "history/column_codec.hpp"

#include "history/test_rows.hpp"

#include <gtest/gtest.h>

namespace vt::history {
namespace {

RowGrid grid_of(const Table& table, std::int64_t step_ms) {
    return {.rows = table.rows(), .first_ms = table.times_ms.front(), .step_ms = step_ms};
}

void expect_round_trip(const Table& table, std::int64_t step_ms) {
    const auto plain = encode_columns(table, step_ms);
    ASSERT_TRUE(plain);
    const auto back = decode_columns(*plain, table.kind, grid_of(table, step_ms));
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_TRUE(same(table, *back));
}

TEST(ColumnCodec, KeepsBarsExactly) {
    for (const std::size_t rows : {1U, 2U, 7U, 8U, 9U, 1000U}) expect_round_trip(test_bars(rows, rows), kTestStep);
}

TEST(ColumnCodec, KeepsEveryKindAndWhatIsAbsent) {
    Table funding(Kind::funding);
    add_row(funding, 1'700'000'000'003, {"0.0001"});
    add_row(funding, 1'700'028'800'000, {"-0.000025"});
    expect_round_trip(funding, 0);
    Table interest(Kind::open_interest);
    add_row(interest, kTestStart, {"31955345.5", ""});
    add_row(interest, kTestStart + kTestStep, {"31955346", "123456789.12"});
    expect_round_trip(interest, kTestStep);
    Table bars(Kind::klines);
    add_row(bars, kTestStart, {"1", "2", "0.5", "1.5", "10"});
    add_row(bars, kTestStart + 3 * kTestStep, {"1.5", "1.5", "1.5", "1.5", "0", "0", "0", ""});
    expect_round_trip(bars, kTestStep);
    Table odd(Kind::klines);  // a price that lacks: the four are then written apart
    add_row(odd, kTestStart, {"", "2", "0.5", "1.5", "", "7.25"});
    expect_round_trip(odd, kTestStep);
}

TEST(ColumnCodec, KeepsTheLargestAndTheSmallestNumbers) {
    Table table(Kind::mark_klines);
    add_row(table, 0, {"9223372036854775799", "-9223372036854775799", "0", "1"});
    add_row(table, 60'000, {"-9223372036854775799", "9223372036854775799", "0", "-1"});
    expect_round_trip(table, kTestStep);
    Table small(Kind::mark_klines);  // no common scale for the four, one for each
    add_row(small, 0, {"9000000000000000000", "0.000000000000000001", "1", "1"});
    expect_round_trip(small, kTestStep);
}

TEST(ColumnCodec, SaysWhenOneColumnHasNoCommonScale) {
    Table table(Kind::funding);
    add_row(table, 0, {"9000000000000000000"});
    add_row(table, 1, {"0.000000000000000001"});
    EXPECT_FALSE(encode_columns(table, 0));
    Table half(Kind::funding);
    half.append(table, 1, 1);
    EXPECT_TRUE(encode_columns(half, 0));
}

TEST(ColumnCodec, RefusesEveryCut) {
    const Table table = test_bars(20);
    const std::string plain = *encode_columns(table, kTestStep);
    for (std::size_t size = 0; size < plain.size(); ++size) {
        const auto back =
            decode_columns(std::string_view(plain).substr(0, size), Kind::klines, grid_of(table, kTestStep));
        ASSERT_FALSE(back) << size;
        EXPECT_EQ(back.error().code, Errc::corrupt);
    }
    EXPECT_FALSE(decode_columns(plain + "x", Kind::klines, grid_of(table, kTestStep)));
}

TEST(ColumnCodec, RefusesTimesThatDoNotAscend) {
    Table table(Kind::funding);
    add_row(table, 1000, {"1"});
    add_row(table, 2000, {"1"});
    std::string plain = *encode_columns(table, 0);
    EXPECT_FALSE(decode_columns(plain, Kind::funding, {.rows = 2, .first_ms = 1000, .step_ms = -1000}));
}

}  // namespace
}  // namespace vt::history
