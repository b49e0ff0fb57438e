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

}  // namespace vt
