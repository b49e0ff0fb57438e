#include "config/credentials.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace vt::config {
namespace {

using Environment = std::map<std::string, std::string>;

class CredentialsTest : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) /
                  ("credentials-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string file(const std::string& name, const std::string& text, mode_t mode = 0600) {
        const std::string path = folder_ / name;
        std::ofstream(path, std::ios::binary) << text;
        EXPECT_EQ(::chmod(path.c_str(), mode), 0);
        return path;
    }
    static std::string refusal(const Environment& environment) {
        const auto read = read_credentials(market::Venue::bybit, environment);
        if (read) return "(accepted)";
        EXPECT_EQ(read.error().code, Errc::configuration);
        EXPECT_EQ(read.error().what.find("hush"), std::string::npos) << "a value in a message";
        return read.error().what;
    }

    std::filesystem::path folder_;
};

TEST_F(CredentialsTest, NoneIsNormal) {
    const auto read = read_credentials(market::Venue::bybit, {});
    ASSERT_TRUE(read);
    EXPECT_FALSE(*read);
}

TEST_F(CredentialsTest, ComeFromVariablesOrFiles) {
    const auto direct =
        read_credentials(market::Venue::bybit, {{"BYBIT_API_KEY", "abc"}, {"BYBIT_API_SECRET", "hush"}});
    ASSERT_TRUE(direct && *direct);
    EXPECT_EQ((*direct)->key, "abc");
    EXPECT_EQ((*direct)->secret.reveal(), "hush");
    const auto filed =
        read_credentials(market::Venue::binance,
                         {{"BINANCE_API_KEY", "abc"}, {"BINANCE_SECRET_FILE", file("secret", "hush\r\n", 0400)}});
    ASSERT_TRUE(filed && *filed) << filed.error().what;
    EXPECT_EQ((*filed)->secret.reveal(), "hush") << "without the line end";
}

TEST_F(CredentialsTest, APrivateKeyMayHaveLines) {
    const std::string pem = "-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----";
    const auto read = read_credentials(
        market::Venue::binance, {{"BINANCE_API_KEY", "abc"}, {"BINANCE_SECRET_FILE", file("pem", pem + "\n")}});
    ASSERT_TRUE(read && *read) << read.error().what;
    EXPECT_EQ((*read)->secret.reveal(), pem);
}

TEST_F(CredentialsTest, HalfAKeyIsRefused) {
    EXPECT_EQ(refusal({{"BYBIT_API_KEY", "abc"}}),
              "BYBIT_API_KEY is set without BYBIT_API_SECRET; set both or neither");
    EXPECT_EQ(refusal({{"BYBIT_API_SECRET", "hush"}}),
              "BYBIT_API_SECRET is set without BYBIT_API_KEY; set both or neither");
}

TEST_F(CredentialsTest, FilesOpenToOthersAreRefusedWithTheRemedy) {
    for (const mode_t mode : {mode_t{0644}, mode_t{0640}, mode_t{0602}}) {
        const std::string path = file("open", "hush", mode);
        EXPECT_EQ(refusal({{"BYBIT_API_KEY", "abc"}, {"BYBIT_API_SECRET_FILE", path}}),
                  "BYBIT_API_SECRET_FILE: " + path + " is open to other users; run: chmod 600 " + path);
    }
}

TEST_F(CredentialsTest, BadFilesAndValuesAreRefused) {
    const auto of_file = [&](const std::string& path) {
        return refusal({{"BYBIT_API_KEY", "abc"}, {"BYBIT_API_SECRET_FILE", path}});
    };
    const std::string missing = folder_ / "missing";
    EXPECT_EQ(of_file(missing),
              "BYBIT_API_SECRET_FILE: " + missing + " cannot be opened; check the path and who may read it");
    EXPECT_EQ(of_file(folder_), "BYBIT_API_SECRET_FILE: " + folder_.string() + " is not a file");
    EXPECT_TRUE(of_file(file("empty", "")).ends_with(" is empty"));
    EXPECT_TRUE(of_file(file("blank", "\n")).ends_with(" is empty"));
    EXPECT_TRUE(of_file(file("long", std::string(20'000, 'x'))).ends_with(" is longer than 16 KB: not a key"));
    EXPECT_TRUE(refusal({{"BYBIT_API_KEY", "a b"}, {"BYBIT_API_SECRET", "hush"}}).starts_with("BYBIT_API_KEY holds"));
    EXPECT_TRUE(of_file(file("lines", "hush\nhush")).starts_with("BYBIT_API_SECRET_FILE holds"));
    EXPECT_EQ(refusal({{"BYBIT_API_KEY", "abc"},
                       {"BYBIT_API_SECRET", "hush"},
                       {"BYBIT_API_SECRET_FILE", file("both", "hush")}}),
              "BYBIT_API_SECRET and BYBIT_API_SECRET_FILE are both set; unset one of them");
}

TEST_F(CredentialsTest, EveryVariableIsNamedForReadingAndRemoving) {
    EXPECT_EQ(credential_variable_names(),
              (std::vector<std::string>{"BYBIT_API_KEY", "BYBIT_API_KEY_FILE", "BYBIT_API_SECRET",
                                        "BYBIT_API_SECRET_FILE", "BINANCE_API_KEY", "BINANCE_API_KEY_FILE",
                                        "BINANCE_SECRET", "BINANCE_SECRET_FILE"}));
}

}  // namespace
}  // namespace vt::config
