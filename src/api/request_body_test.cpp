#include "api/request_body.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vt::api {
namespace {

const std::vector<BodyMember> kTaken = {{.name = "user", .meaning = "who", .is_required = true},
                                        {.name = "days", .type = BodyType::number, .meaning = "how long"},
                                        {.name = "values", .type = BodyType::object, .meaning = "keys"},
                                        {.name = "everywhere", .type = BodyType::truth, .meaning = "all"}};

std::string fault(std::string_view body) { return body_fault(kTaken, body).value_or(""); }

TEST(RequestBody, TakesWhatIsNamed) {
    EXPECT_EQ(fault(R"({"user":"ann"})"), "");
    EXPECT_EQ(fault(R"( { "days" : 3 , "user" : "ann", "values": {"a":[1,{"b":2}]}, "everywhere": false } )"), "");
    EXPECT_FALSE(body_fault({}, ""));
    EXPECT_FALSE(body_fault({}, "{}"));
}

TEST(RequestBody, RefusesTheRestAndSaysWhatItTakes) {
    EXPECT_NE(fault("").find("user is missing"), std::string::npos);
    EXPECT_NE(fault(R"({"user":"ann","role":"admin"})").find("'role'"), std::string::npos);
    EXPECT_NE(fault(R"({"user":"ann","role":"admin"})").find("user, days (may be left out)"), std::string::npos);
    EXPECT_NE(body_fault({}, R"({"a":1})").value_or("").find("takes no members"), std::string::npos);
    for (const char* body :
         {"[]", "1", "null", R"({"user":"ann")", R"({"user":"ann"}x)", R"({"user":"ann",})", "{",
          "{\"user\":\"\xff\"}", R"({"user":1})", R"({"user":null})", R"({"user":"a","days":"3"})",
          R"({"user":"a","days":1.5})", R"({"user":"a","values":[]})", R"({"user":"a","everywhere":0})"})
        EXPECT_NE(fault(body), "") << body;
}

TEST(RequestBody, RefusesAMemberThatComesTwiceWhereverItIs) {
    EXPECT_EQ(fault(R"({"user":"ann","user":"bob"})"), "the body has 'user' twice");
    EXPECT_EQ(fault(R"({"user":"ann","\u0075ser":"bob"})"), "the body has 'user' twice");
    EXPECT_EQ(fault(R"({"user":"ann","values":{"a":[{"b":1,"b":2}]}})"), "the body has 'b' twice");
}

TEST(RequestBody, RefusesDepthWithoutFollowingIt) {
    const auto nested = [](std::size_t depth) {
        return R"({"user":"ann","values":{"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}}";
    };
    EXPECT_EQ(fault(nested(kBodyDepthMax - 3)), "");
    EXPECT_NE(fault(nested(kBodyDepthMax + 1)), "");
    EXPECT_NE(fault(nested(30'000)), "");
    EXPECT_NE(fault(std::string(60'000, '[')), "");
}

TEST(RequestBody, IsDescribedAsItIsTaken) {
    JsonWriter out;
    write_body_schema(out, std::vector<BodyMember>{kTaken[0], {.name = "code", .meaning = "six", .is_secret = true}});
    EXPECT_EQ(out.text(), R"({"type":"object","additionalProperties":false,"properties":{"user":{"type":"string",)"
                          R"("description":"who"},"code":{"type":"string","description":"six","writeOnly":true,)"
                          R"("format":"password"}},"required":["user"]})");
}

}  // namespace
}  // namespace vt::api
