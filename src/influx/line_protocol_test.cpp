#include "influx/line_protocol.hpp"

#include "net/gzip.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace vt::influx {
namespace {

std::string written(const LineWriter& lines) { return std::string(lines.text()); }

TEST(LineProtocol, WritesEveryKindOfField) {
    LineWriter lines;
    lines.begin("score").tag("market", "demo").tag("symbol", "BTCUSDT");
    lines.field("value", 61.25).field("n", std::int64_t{-3}).field("ok", true).field("why", "a \"b\" \\ c");
    EXPECT_TRUE(lines.end(from_ns(1'700'000'000'123'456'789)));
    EXPECT_EQ(written(lines),
              "score,market=demo,symbol=BTCUSDT value=61.25,n=-3i,ok=true,why=\"a \\\"b\\\" \\\\ c\" "
              "1700000000123456789\n");
    EXPECT_EQ(lines.lines(), 1U);
}

TEST(LineProtocol, EscapesWhatSeparates) {
    LineWriter lines;
    lines.begin("a b,c=d").tag("k ,=", "v ,=\"x").field("f =,", 1.0).end(from_ns(1));
    EXPECT_EQ(written(lines), "a\\ b\\,c=d,k\\ \\,\\==v\\ \\,\\=\"x f\\ \\=\\,=1 1\n");
}

TEST(LineProtocol, NoNameCanEndALineOrHideWhatFollows) {
    LineWriter lines;
    lines.begin("m\n").tag("k\\", "v\nm2 x=1\\").tag("t", "a\\,b").field("s", "x\ny").end(from_ns(1));
    EXPECT_EQ(written(lines), "m_,k_=v_m2\\ x\\=1_,t=a_\\,b s=\"x y\" 1\n");
}

TEST(LineProtocol, WhatIsNotKnownIsLeftOut) {
    LineWriter lines;
    lines.begin("m").tag("empty", "").field("a", std::optional<double>{}).field("b", std::optional<double>{2.5});
    lines.field("c", std::numeric_limits<double>::quiet_NaN());
    EXPECT_TRUE(lines.end(from_ns(7)));
    lines.begin("m").tag("t", "x").field("a", std::optional<double>{});
    EXPECT_FALSE(lines.end(from_ns(8)));
    lines.begin("never ended").field("a", 1.0);
    lines.begin("m").field("a", 0.1).end(from_ns(9));
    EXPECT_EQ(written(lines), "m b=2.5 7\nm a=0.1 9\n");
    EXPECT_EQ(lines.lines(), 2U);
}

TEST(Gzip, ComesBackAndRefusesWhatIsCutOff) {
    std::string plain;
    for (int i = 0; i < 20'000; ++i)
        plain += "score,symbol=S" + std::to_string(i % 30) + " v=" + std::to_string(i) + "\n";
    for (const std::string& text : {std::string(), std::string("x"), plain}) {
        const std::string packed = net::gzipped(text);
        EXPECT_EQ(*net::gunzipped(packed, 1U << 22U), text);
        EXPECT_FALSE(net::gunzipped(packed.substr(0, packed.size() - 1), 1U << 22U).has_value());
        EXPECT_FALSE(net::gunzipped(packed + "x", 1U << 22U).has_value());
    }
    EXPECT_EQ(net::gunzipped(net::gzipped(plain), 1000).error().code, Errc::out_of_range);
    EXPECT_LT(net::gzipped(plain).size() * 5, plain.size());
}

}  // namespace
}  // namespace vt::influx
