#include "net/certificate.hpp"
#include "net/certificate_facts.hpp"
#include "net/loop.hpp"
#include "runtime/doctor.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace vt::runtime {
namespace {

constexpr Timestamp kNow = from_ms(1'700'000'000'000);
constexpr auto kDay = std::chrono::hours{24};

const Check* check_of(const std::vector<Check>& checks, std::string_view name) {
    const auto found = std::find_if(checks.begin(), checks.end(), [&](const Check& c) { return c.name == name; });
    return found == checks.end() ? nullptr : &*found;
}

class DoctorsFiles : public testing::Test {
protected:
    void SetUp() override {
        folder =
            testing::TempDir() + "/doctor_files_" + testing::UnitTest::GetInstance()->current_test_info()->name();
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) const {
        const std::string path = folder + "/" + name;
        std::ofstream(path) << text;
        EXPECT_EQ(::chmod(path.c_str(), mode), 0);
        return path;
    }
    /// A server open to others, with a certificate of these dates.
    config::Config::Server server(Timestamp not_before, Timestamp not_after) const {
        const auto made = net::make_self_signed(
            {.names = {"box.example", "192.0.2.7"}, .not_before = not_before, .not_after = not_after});
        config::Config::Server server{.host = "0.0.0.0", .allowed_hosts = {"box.example"}};
        server.tls_certificate_file = write("certificate.pem", made->certificate_pem);
        server.tls_key_file = write("key.pem", made->key_pem);
        return server;
    }

    std::string folder;
};

}  // namespace

TEST_F(DoctorsFiles, ACertificateThatHoldsIsGoodAndSaysItsFingerprint) {
    const auto checks = check_certificate(server(kNow - kDay, kNow + 100 * kDay), kNow);
    for (const char* name : {"server.host", "certificate", "certificate names"}) {
        ASSERT_TRUE(check_of(checks, name)) << name;
        EXPECT_EQ(check_of(checks, name)->finding, Finding::good) << check_of(checks, name)->text;
    }
    EXPECT_NE(check_of(checks, "certificate")->text.find("ends in 100 days"), std::string::npos);
    EXPECT_NE(check_of(checks, "certificate")->text.find(":"), std::string::npos);
}

TEST_F(DoctorsFiles, ACertificateThatEndsSoonWarnsAndOneThatHasEndedFails) {
    EXPECT_EQ(check_of(check_certificate(server(kNow - kDay, kNow + 20 * kDay), kNow), "certificate")->finding,
              Finding::warning);
    EXPECT_EQ(check_of(check_certificate(server(kNow - kDay, kNow - kDay / 2), kNow), "certificate")->finding,
              Finding::failed);
    const auto early = check_certificate(server(kNow + kDay, kNow + 100 * kDay), kNow);
    EXPECT_EQ(check_of(early, "certificate")->finding, Finding::failed);
    EXPECT_NE(check_of(early, "certificate")->remedy.find("clock"), std::string::npos);
}

TEST_F(DoctorsFiles, ACertificateForOtherNamesFails) {
    auto other = server(kNow - kDay, kNow + 100 * kDay);
    other.allowed_hosts = {"box.example", "elsewhere.example"};
    const auto checks = check_certificate(other, kNow);
    EXPECT_EQ(check_of(checks, "certificate names")->finding, Finding::failed);
    EXPECT_NE(check_of(checks, "certificate names")->text.find("elsewhere.example"), std::string::npos);
}

TEST_F(DoctorsFiles, AnotherCertificatesKeyAndAMissingFileFail) {
    auto mixed = server(kNow - kDay, kNow + 100 * kDay);
    mixed.tls_key_file = write("other.pem", net::make_self_signed()->key_pem);
    EXPECT_EQ(check_of(check_certificate(mixed, kNow), "certificate")->finding, Finding::failed);
    mixed.tls_certificate_file = folder + "/absent.pem";
    EXPECT_EQ(check_of(check_certificate(mixed, kNow), "certificate")->finding, Finding::failed);
}

TEST_F(DoctorsFiles, AnOpenPortWithoutCoverFailsAndOneOnThisMachineNeedsNone) {
    const auto bare = check_certificate({.host = "0.0.0.0"}, kNow);
    EXPECT_EQ(check_of(bare, "server.host")->finding, Finding::failed);
    EXPECT_EQ(check_of(bare, "certificate")->finding, Finding::warning);
    const auto local = check_certificate({}, kNow);
    EXPECT_EQ(check_of(local, "server.host")->finding, Finding::good);
    EXPECT_EQ(check_of(local, "certificate")->finding, Finding::note);
}

TEST_F(DoctorsFiles, FilesThatOthersMayReadOrChangeAreNamed) {
    config::Config config;
    config.records.database_url = "sqlite://" + write("records.db", "");
    OwnFiles files{.config_file = write("v.toml", ""), .data_folder = folder, .secret_files = {write("secret", "s")}};
    EXPECT_EQ(check_modes(config, files).front().finding, Finding::good) << check_modes(config, files).front().text;
    write("records.db", "", 0640);
    files.secret_files = {write("secret", "s", 0606)};
    const auto checks = check_modes(config, files);
    ASSERT_EQ(checks.size(), 2U);
    EXPECT_EQ(checks[0].finding, Finding::warning);
    EXPECT_NE(checks[0].text.find("records.db has mode 640"), std::string::npos) << checks[0].text;
    EXPECT_EQ(checks[1].finding, Finding::failed);
    EXPECT_EQ(checks[1].remedy, "chmod 600 " + files.secret_files.front());
}

TEST_F(DoctorsFiles, TheDisksRoomIsTold) {
    const auto checks = check_disks({.data_folder = folder + "/not/made/yet", .log_folder = ""});
    ASSERT_EQ(checks.size(), 1U);
    EXPECT_NE(checks[0].text.find("MiB free"), std::string::npos);
    EXPECT_NE(checks[0].finding, Finding::failed);
}

TEST(DoctorsNetwork, NamesAndProxiesAreTried) {
    EXPECT_EQ(check_name("localhost").finding, Finding::good);
    const Check unknown = check_name("no-such-host.invalid");
    EXPECT_EQ(unknown.finding, Finding::failed);
    EXPECT_FALSE(unknown.remedy.empty());
    SiteToCheck site{.hosts = {.tls = *net::TlsContext::client({})}};
    EXPECT_EQ(check_proxies({site}, std::chrono::seconds{1}).front().finding, Finding::note);
    site.hosts.route.proxy = net::Proxy{.host = "127.0.0.1", .port = 1};
    const auto refused = check_proxies({site, site}, std::chrono::seconds{1});
    ASSERT_EQ(refused.size(), 1U) << "each proxy once";
    EXPECT_EQ(refused.front().finding, Finding::failed);
    EXPECT_NE(refused.front().text.find("127.0.0.1:1"), std::string::npos);
}

}  // namespace vt::runtime
