#include "runtime/api_access.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::runtime {
namespace {

using Server = config::Config::Server;

std::string refusal(const Server& server, std::optional<bool> has_admin) {
    const auto may = may_listen(server, has_admin);
    if (may) return "";
    EXPECT_EQ(may.error().code, Errc::configuration) << "exit code 78";
    EXPECT_EQ(may.error().what.find('\n'), std::string::npos);
    return may.error().what;
}

TEST(MayListen, OnLoopbackAlways) {
    for (const char* host : {"127.0.0.1", "::1", "localhost", "127.0.0.2"})
        EXPECT_EQ(refusal(Server{.host = host}, std::nullopt), "") << host;
}

TEST(MayListen, BeyondItOnlyWithAPasswordAndOneOfThree) {
    for (const char* host : {"0.0.0.0", "::", "192.0.2.1"}) {
        const Server bare{.host = host};
        for (const auto& has_admin : {std::optional<bool>(), std::optional(false), std::optional(true)}) {
            const std::string text = refusal(bare, has_admin);
            for (const char* remedy : {"tls_certificate_file", "trusted_proxies", "allow_insecure_http"})
                EXPECT_NE(text.find(remedy), std::string::npos) << text;
        }
        const Server covered[] = {
            {.host = host, .tls_certificate_file = "c.pem", .tls_key_file = "k.pem"},
            {.host = host, .trusted_proxies = {"127.0.0.1"}},
            {.host = host, .allow_insecure_http = true},
        };
        for (const Server& server : covered) {
            EXPECT_EQ(refusal(server, true), "");
            EXPECT_NE(refusal(server, false).find("virtuoso user add"), std::string::npos);
            EXPECT_NE(refusal(server, std::nullopt).find("cannot be read"), std::string::npos);
        }
    }
}

TEST(ServerTls, SaysWhichFileCannotBeUsed) {
    EXPECT_FALSE(server_tls(Server{})->has_value());
    const auto missing = server_tls(Server{.tls_certificate_file = "/nowhere/c.pem", .tls_key_file = "/nowhere/k"});
    ASSERT_FALSE(missing.has_value());
    EXPECT_NE(missing.error().what.find("/nowhere/c.pem"), std::string::npos);
}

}  // namespace
}  // namespace vt::runtime
