#include "base/secret.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <type_traits>
#include <utility>

namespace vt {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

TEST(Secret, CannotBePrintedCopiedOrTurnedIntoText) {
    EXPECT_FALSE(Printable<Secret>);
    EXPECT_FALSE(std::is_copy_constructible_v<Secret> || std::is_copy_assignable_v<Secret>);
    EXPECT_FALSE((std::is_convertible_v<Secret, std::string> || std::is_convertible_v<Secret, std::string_view>));
    EXPECT_FALSE((std::is_convertible_v<std::string, Secret>));
}

TEST(Secret, IsHandedOnWithoutLeavingATrace) {
    for (const std::string_view text :
         {"short", "a text that is much longer than what a string object holds in itself"}) {
        std::string origin(text);
        Secret first(std::move(origin));
        EXPECT_TRUE(origin.empty());
        EXPECT_EQ(first.reveal(), text);
        Secret second(std::move(first));
        EXPECT_TRUE(first.empty());
        EXPECT_EQ(second.reveal(), text);
        first = std::move(second);
        EXPECT_EQ(first.reveal(), text);
        EXPECT_TRUE(second.empty());
    }
}

TEST(Secret, WipingOverwritesTheWholeCapacity) {
    std::string text(100, 'x');
    text.resize(10);
    const char* const bytes = text.data();
    wipe(text);
    ASSERT_EQ(text.data(), bytes);
    text.resize(text.capacity(), '\0');
    EXPECT_EQ(text.find('x'), std::string::npos);
}

}  // namespace
}  // namespace vt
