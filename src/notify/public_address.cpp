#include "notify/public_address.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace vt::notify {
namespace {

struct Block {
    std::string_view first;
    unsigned bits;
    std::string_view what;
};

constexpr std::array kBlocksV4{
    Block{"0.0.0.0", 8, "this network"},
    Block{"10.0.0.0", 8, "private"},
    Block{"100.64.0.0", 10, "carrier-grade NAT"},
    Block{"127.0.0.0", 8, "loopback"},
    Block{"168.63.129.16", 32, "a cloud's own"},  // Azure's, of its virtual machines
    Block{"169.254.0.0", 16, "link-local"},       // with 169.254.169.254, where clouds keep a machine's credentials
    Block{"172.16.0.0", 12, "private"},
    Block{"192.0.0.0", 24, "reserved"},
    Block{"192.0.2.0", 24, "documentation"},
    Block{"192.31.196.0", 24, "reserved"},
    Block{"192.52.193.0", 24, "reserved"},
    Block{"192.88.99.0", 24, "reserved"},
    Block{"192.168.0.0", 16, "private"},
    Block{"192.175.48.0", 24, "reserved"},
    Block{"198.18.0.0", 15, "benchmarking"},
    Block{"198.51.100.0", 24, "documentation"},
    Block{"203.0.113.0", 24, "documentation"},
    Block{"224.0.0.0", 4, "multicast"},
    Block{"240.0.0.0", 4, "reserved"},
};
/// Of IPv6 only 2000::/3 is given out; these are its parts that are not for the internet.
constexpr std::array kBlocksV6{
    Block{"2001::", 23, "reserved"},  // Teredo, benchmarking, ORCHID and the like
    Block{"2001:db8::", 32, "documentation"},
    Block{"2620:4f:8000::", 48, "reserved"},
    Block{"3fff::", 20, "documentation"},
};
/// The others are refused whatever they are; these are the names of some.
constexpr std::array kNamesV6{
    Block{"::", 128, "this network"},  Block{"::1", 128, "loopback"},     Block{"fc00::", 7, "private"},
    Block{"fe80::", 10, "link-local"}, Block{"fec0::", 10, "site-local"}, Block{"ff00::", 8, "multicast"},
};
/// Prefixes behind which an IPv4 address stands, and where it begins.
struct Wrapping {
    std::string_view first;
    unsigned bits;
    std::size_t at;
};
constexpr std::array kWrappings{
    Wrapping{"::ffff:0:0", 96, 12},    // mapped
    Wrapping{"::ffff:0:0:0", 96, 12},  // translated, RFC 7915
    Wrapping{"64:ff9b::", 96, 12},     // NAT64, RFC 6052
    Wrapping{"2002::", 16, 2},         // 6to4
};

bool is_in(const net::IpAddress& address, std::string_view first, unsigned bits) {
    const auto start = net::parse_ip_address(first);
    if (!start || start->is_v6 != address.is_v6) return false;
    for (unsigned bit = 0; bit < bits; bit += 8) {
        const unsigned in_byte = std::min(8U, bits - bit);
        const auto mask = static_cast<std::uint8_t>(0xFFU << (8U - in_byte));
        if (((address.bytes[bit / 8] ^ start->bytes[bit / 8]) & mask) != 0) return false;
    }
    return true;
}

template <std::size_t Size>
std::optional<std::string_view> found_in(const std::array<Block, Size>& blocks, const net::IpAddress& address) {
    for (const Block& block : blocks) {
        if (is_in(address, block.first, block.bits)) return block.what;
    }
    return std::nullopt;
}

std::string_view last_label(std::string_view host) { return host.substr(host.rfind('.') + 1); }

/// "127.1", "0x7f000001", "017700000001", "1.2.3.0x4": what resolvers take for an IPv4 address.
bool ends_in_number(std::string_view host) {
    const std::string_view label = last_label(host);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return label.starts_with("0x") || (!label.empty() && std::ranges::all_of(label, is_digit));
}

bool is_local_name(std::string_view host) {
    constexpr std::array<std::string_view, 8> kSuffixes{".localhost", ".local", ".internal", ".intranet",
                                                        ".lan",       ".home",  ".corp",     ".home.arpa"};
    return host.find('.') == std::string_view::npos ||
           std::ranges::any_of(kSuffixes, [&](std::string_view suffix) { return host.ends_with(suffix); });
}

}  // namespace

std::optional<std::string_view> not_public(const net::IpAddress& address) {
    if (!address.is_v6) return found_in(kBlocksV4, address);
    for (const Wrapping& wrapping : kWrappings) {
        if (!is_in(address, wrapping.first, wrapping.bits)) continue;
        net::IpAddress inner;
        std::copy_n(address.bytes.begin() + static_cast<std::ptrdiff_t>(wrapping.at), 4, inner.bytes.begin());
        return found_in(kBlocksV4, inner);
    }
    if (is_in(address, "2000::", 3)) return found_in(kBlocksV6, address);
    return found_in(kNamesV6, address).value_or("reserved");
}

Result<void> check_host(std::string_view host, bool allow_private) {
    const auto refuse = [](std::string why) { return fail(Errc::configuration, std::move(why)); };
    if (host.empty() || host.size() > 253) return refuse("the host has 1 to 253 characters");
    if (const auto address = net::parse_ip_address(host)) {
        const auto why = not_public(*address);
        if (!why || allow_private) return {};
        return refuse("the address " + net::to_text(*address) + " (" + std::string(*why) +
                      ") is not on the public internet; set allow_private if the machine is yours");
    }
    if (host.find(':') != std::string_view::npos) return refuse("the host is not an IPv6 address");
    if (host.ends_with('.')) return refuse("the host ends in a dot; write it without");
    const bool is_name =
        !host.starts_with('.') && host.find("..") == std::string_view::npos && std::ranges::all_of(host, [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                   c == '_' || c == '.';
        });
    if (!is_name) return refuse("the host holds a sign that no name has; a name beyond ASCII begins with xn--");
    std::string lower(host);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (ends_in_number(lower))
        return refuse("the host is a number; write an IPv4 address as four decimal numbers, such as 192.0.2.1");
    if (!allow_private && is_local_name(lower)) {
        return refuse("the host \"" + lower +
                      "\" is a name of one machine or network only; set allow_private if the machine is yours");
    }
    return {};
}

bool is_loopback_host(std::string_view host) {
    const auto address = net::parse_ip_address(host);
    return host == "localhost" || (address && not_public(*address) == "loopback");
}

}  // namespace vt::notify
