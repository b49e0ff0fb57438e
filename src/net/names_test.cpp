#include "net/detail/names.hpp"

#include "net/net_fixture.hpp"

namespace vt::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A listener at 127.0.0.2 that answers no connection at all: its queue is full.
class BlackHole {
public:
    explicit BlackHole(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
        EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
        EXPECT_EQ(::listen(descriptor_, 0), 0);
        for (int& filler : fillers_) {
            filler = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
            (void)::connect(filler, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
        }
    }
    ~BlackHole() {
        for (const int filler : fillers_) ::close(filler);
        ::close(descriptor_);
    }
    BlackHole(const BlackHole&) = delete;
    BlackHole& operator=(const BlackHole&) = delete;

private:
    int descriptor_;
    int fillers_[4] = {};
};

class NamesTest : public NetTest {
protected:
    static detail::Addresses addresses(std::initializer_list<const char*> texts) {
        detail::Addresses list;
        for (const char* text : texts) list.push_back(detail::asio::ip::make_address(text));
        return list;
    }
    void resolve_to(std::initializer_list<const char*> texts) {
        loop.impl().names->ask = [list = addresses(texts)](const std::string&, const detail::Found& found) {
            found(list);
        };
    }
    /// How long one request on a new connection takes.
    Nanos time_to_answer(const HttpServer& server) {
        HttpClient client(loop, {});
        const auto began = std::chrono::steady_clock::now();
        const auto got = fetch(client, {.url = "http://venue.test:" + std::to_string(server.port()) + "/"});
        EXPECT_TRUE(got) << got.error().what;
        return std::chrono::steady_clock::now() - began;
    }
    std::unique_ptr<HttpServer> venue() { return serve({.allowed_hosts = {"venue.test"}}, echo); }
};

TEST_F(NamesTest, ABlackHoleCostsAQuarterOfASecondAndOnlyOnce) {
    const auto server = venue();
    const BlackHole hole(server->port());
    resolve_to({"127.0.0.2", "127.0.0.1"});
    const Nanos first = time_to_answer(*server);
    EXPECT_GE(first, milliseconds{240});
    EXPECT_LT(first, seconds{2});
    EXPECT_LT(time_to_answer(*server), milliseconds{240}) << "the address that worked goes first";
}

TEST_F(NamesTest, AnIpv6BlackHoleDoesNotHoldUpIpv4) {
    const auto server = venue();
    resolve_to({"100::1", "100::2", "127.0.0.1"});  // 100::/64 is the discard prefix, RFC 6666
    EXPECT_LT(time_to_answer(*server), seconds{2});
}

TEST_F(NamesTest, TheLastGoodAddressIsUsedWhenTheResolverFailsOrHangs) {
    const auto server = venue();
    resolve_to({"127.0.0.1"});
    (void)time_to_answer(*server);
    loop.impl().names->ask = [](const std::string& host, const detail::Found& found) {
        found(fail(Errc::unavailable, "cannot resolve " + host));
    };
    EXPECT_LT(time_to_answer(*server), seconds{1});
    loop.impl().names->ask = [](const std::string&, const detail::Found&) {};
    const Nanos hanging = time_to_answer(*server);
    EXPECT_GE(hanging, milliseconds{900});
    EXPECT_LT(hanging, seconds{5});
}

TEST_F(NamesTest, ANewAddressIsTakenAtOnce) {
    const auto server = venue();
    const BlackHole hole(server->port());
    resolve_to({"127.0.0.1"});
    (void)time_to_answer(*server);
    resolve_to({"127.0.0.3"});
    HttpClient client(loop, {});
    const auto got = fetch(client, {.url = "http://venue.test:" + std::to_string(server->port()) + "/"});
    ASSERT_FALSE(got);
    EXPECT_NE(got.error().what.find("cannot connect"), std::string::npos) << got.error().what;
}

TEST_F(NamesTest, AnUnknownNameIsAnErrorAndAHangingResolverEndsInTime) {
    loop.impl().names->ask = [](const std::string& host, const detail::Found& found) {
        found(fail(Errc::unavailable, "cannot resolve " + host + ": no such host"));
    };
    HttpClient client(loop, {.connect_timeout = milliseconds{200}});
    auto got = fetch(client, {.url = "http://venue.test/"});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().what, "cannot resolve venue.test: no such host");
    loop.impl().names->ask = [](const std::string&, const detail::Found&) {};
    got = fetch(client, {.url = "http://venue.test/", .timeout = milliseconds{300}});
    EXPECT_FALSE(got);
}

}  // namespace
}  // namespace vt::net
