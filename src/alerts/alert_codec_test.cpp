#include "alerts/alert_codec.hpp"

#include <gtest/gtest.h>

namespace vt::alerts {
namespace {

constexpr Timestamp kAt = from_ms(1'700'000'040'123);

ScoreFigures score() {
    return {.score = 78.25,
            .coverage = .91,
            .confidence = .6,
            .direction = "long",
            .sides = {{"order_flow", 71.5, 4.25}, {"sentiment", std::nullopt, 0}}};
}

Alert full_alert() {
    return {.id = "0123456789abcdef0123456789abcdef",
            .rule = "signal",
            .kind = Kind::signal,
            .severity = Severity::high,
            .instrument = "bybit-linear-BTCUSDT",
            .symbol = "BTCUSDT",
            .side = Side::down,
            .at = kAt,
            .title = "Signal: BTCUSDT, short, 28.3 points",
            .text = "A signal was raised.\nTwo lines.",
            .figures = {{"Size", "28.3 points"}, {"Price", "61840.3"}},
            .count = 3,
            .score = score(),
            .levels = Levels{.entry = "61840.3", .stop = "62100.0", .targets = {"61500.0", "61200.0"}}};
}

Occurrence full_occurrence() {
    return {.kind = Kind::system,
            .instrument = "bybit-linear-BTCUSDT",
            .symbol = "BTCUSDT",
            .side = Side::up,
            .at = kAt,
            .size = 3.5,
            .usual = 1,
            .price = 61'840.3,
            .price_decimals = 1,
            .count = 7,
            .coverage = .8,
            .what = "the disk is nearly full",
            .severity = Severity::critical,
            .score = score(),
            .levels = Levels{.entry = "1", .stop = "2"}};
}

TEST(AlertCodec, EverythingComesBack) {
    for (const Alert& alert : {full_alert(), Alert{}}) {
        std::string bytes;
        encode_alert(alert, bytes);
        EXPECT_EQ(decode_alert(bytes).value(), alert);
    }
    for (const Occurrence& seen : {full_occurrence(), Occurrence{}}) {
        std::string bytes;
        encode_occurrence(seen, bytes);
        EXPECT_EQ(decode_occurrence(bytes).value(), seen);
    }
}

TEST(AlertCodec, NothingIsMadeOfDamagedBytes) {
    std::string bytes;
    encode_alert(full_alert(), bytes);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode_alert(std::string_view(bytes).substr(0, size)).has_value()) << size;
    EXPECT_EQ(decode_alert(bytes + "x").error().code, Errc::malformed);
    bytes[0] = 2;
    EXPECT_EQ(decode_alert(bytes).error().code, Errc::unsupported);
    for (std::size_t i = 1; i < bytes.size(); ++i) {
        std::string wrong;
        encode_occurrence(full_occurrence(), wrong);
        if (i < wrong.size()) wrong[i] = static_cast<char>(wrong[i] ^ 0x55);
        (void)decode_occurrence(wrong);  // whatever it says, it ends
    }
}

}  // namespace
}  // namespace vt::alerts
