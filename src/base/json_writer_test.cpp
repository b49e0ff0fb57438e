#include "base/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace vt {

TEST(JsonWriter, WritesNestedDocuments) {
    JsonWriter out;
    out.begin_object().field("a", 1).field("b", "x\"<\n\x01");
    out.key("c").begin_array().value(0.1).null().value(true).begin_object().end_object().end_array();
    out.field("d", std::optional<double>{}).end_object();
    EXPECT_EQ(out.text(), "{\"a\":1,\"b\":\"x\\\"\\u003c\\n\\u0001\",\"c\":[0.1,null,true,{}],\"d\":null}");
}

TEST(JsonWriter, ANumberThatIsNotKnownIsNull) {
    JsonWriter out;
    out.begin_array()
        .value(std::numeric_limits<double>::quiet_NaN())
        .value(std::numeric_limits<double>::infinity())
        .value(-0.0)
        .end_array();
    EXPECT_EQ(out.text(), "[null,null,0]");
}

TEST(JsonWriter, BytesThatAreNoUtf8AreReplaced) {
    const auto written = [](std::string_view text) {
        JsonWriter out;
        out.value(text);
        return out.take();
    };
    const std::string mark = "\xEF\xBF\xBD";
    EXPECT_EQ(written("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"), "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"");
    EXPECT_EQ(written("a\xFF" "b"), "\"a" + mark + "b\"");
    EXPECT_EQ(written("\xE2\x82"), "\"" + mark + mark + "\"") << "cut in the middle";
    EXPECT_EQ(written("\xC0\xAF"), "\"" + mark + mark + "\"") << "overlong";
    EXPECT_EQ(written("\xED\xA0\x80"), "\"" + mark + mark + mark + "\"") << "half a surrogate pair";
    EXPECT_EQ(written("\xF4\x90\x80\x80"), "\"" + mark + mark + mark + mark + "\"") << "beyond Unicode";
    EXPECT_EQ(written("\xC3\""), "\"" + mark + "\\\"\"") << "the quote stays escaped";
}

}  // namespace vt
