#pragma once

#include "base/time.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace vt::login {

struct GuessLimitParams {
    double guesses_per_minute = 10;  ///< of an address, and the most at once
    double all_per_minute = 60;      ///< of all addresses that are not trusted yet
    std::size_t addresses_max = 4096;
    std::size_t trusted_max = 256;
    Nanos trusted_for = std::chrono::hours{24 * 30};
};

/// How often a password or a code may be guessed. Only wrong guesses cost, and every limit heals by itself: nobody is
/// locked out for good, and no account is ever locked.
///   rule: an address (of IPv6: its /64) has a bucket of its own; all together have one more, from which an address
///   that was right lately is exempt, so that a flood of others does not keep its user out. Where the table is full,
///   the address goes that has not guessed for the longest time.
class GuessLimit {
public:
    explicit GuessLimit(GuessLimitParams params = {});

    /// Takes a guess. out: nothing, or how long to wait for the next
    [[nodiscard]] std::optional<Nanos> take(std::string_view address, Timestamp now);
    /// The guess that was taken was right: it is given back, and the address is trusted.
    void was_right(std::string_view address, Timestamp now);
    [[nodiscard]] std::size_t address_count() const { return addresses_.size(); }

private:
    struct Bucket {
        double left = 0;
        Timestamp at;
    };
    static void fill(Bucket& bucket, double per_minute, Timestamp now);
    [[nodiscard]] bool is_trusted(const std::string& address, Timestamp now) const;

    GuessLimitParams params_;
    std::map<std::string, Bucket> addresses_;
    std::map<std::string, Timestamp> trusted_;  ///< when they were right
    std::optional<Bucket> all_;
};

/// What is counted as one address: an IPv6 user has a whole /64.
[[nodiscard]] std::string guess_source(std::string_view address);

}  // namespace vt::login
