#include "runtime/disk_watch.hpp"

#include <gtest/gtest.h>

namespace vt::runtime {
namespace {

constexpr Timestamp kNoon = from_ms(1'700'000'000'000);

TEST(DiskWatch, SaysOnceThatLessThanATenthIsLeftAndShowsItAsLong) {
    DiskSpace space{.free_bytes = 100'000'000'000, .size_bytes = 1'000'000'000'000};
    int looks = 0;
    DiskWatch watch("/data/records.db", "lower records.bytes_max", [&](const std::filesystem::path&) {
        ++looks;
        return std::optional(space);
    });
    EXPECT_FALSE(watch.look(kNoon).has_value()) << "a tenth is enough";
    EXPECT_EQ(watch.hindrance(), "");
    space.free_bytes -= 1;
    EXPECT_FALSE(watch.look(kNoon + std::chrono::seconds{9}).has_value()) << "not looked at again yet";
    const auto said = watch.look(kNoon + std::chrono::seconds{10});
    ASSERT_TRUE(said.has_value());
    EXPECT_EQ(*said,
              "the disk of /data/records.db has 9 % (95367 MiB) of its room left: make room, or lower "
              "records.bytes_max");
    EXPECT_EQ(watch.hindrance(), *said);
    EXPECT_FALSE(watch.look(kNoon + std::chrono::seconds{20}).has_value()) << "once";
    EXPECT_EQ(watch.hindrance(), *said);
    space.free_bytes += 1;
    EXPECT_FALSE(watch.look(kNoon + std::chrono::seconds{30}).has_value());
    EXPECT_EQ(watch.hindrance(), "");
    EXPECT_EQ(looks, 4);
}

TEST(DiskWatch, LooksAgainWhenTheClockIsSetBack) {
    int looks = 0;
    DiskWatch watch("/data", "", [&](const std::filesystem::path&) {
        ++looks;
        return std::optional<DiskSpace>();
    });
    (void)watch.look(kNoon);
    (void)watch.look(kNoon - std::chrono::hours{1});
    EXPECT_EQ(looks, 2);
    EXPECT_EQ(watch.hindrance(), "") << "what is not known is no warning";
}

TEST(DiskWatch, ASmallDiskAndAFullOne) {
    std::optional<DiskSpace> space = DiskSpace{.free_bytes = 0, .size_bytes = 64};
    DiskWatch watch("/data", "", [&](const std::filesystem::path&) { return space; });
    EXPECT_NE(watch.look(kNoon).value_or("").find("has 0 % (0 MiB)"), std::string::npos);
}

TEST(DiskWatch, KnowsTheDiskOfAPlaceThatIsNotMadeYet) {
    const auto here = disk_space(std::filesystem::temp_directory_path());
    const auto there = disk_space(std::filesystem::temp_directory_path() / "not" / "there" / "yet.db");
    ASSERT_TRUE(here && there);
    EXPECT_EQ(here->size_bytes, there->size_bytes);
    EXPECT_GT(here->size_bytes, 0U);
}

}  // namespace
}  // namespace vt::runtime
