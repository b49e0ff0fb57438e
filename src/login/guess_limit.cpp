#include "login/guess_limit.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace vt::login {

std::string guess_source(std::string_view address) {
    const std::string text(address.substr(0, address.find('%')));
    in6_addr parsed{};
    if (inet_pton(AF_INET6, text.c_str(), &parsed) != 1) return text;
    constexpr std::string_view kMapped = "::ffff:";
    if (IN6_IS_ADDR_V4MAPPED(&parsed) && text.find('.') != std::string::npos) return text.substr(kMapped.size());
    std::fill(std::begin(parsed.s6_addr) + 8, std::end(parsed.s6_addr), static_cast<std::uint8_t>(0));
    std::array<char, INET6_ADDRSTRLEN> written{};
    inet_ntop(AF_INET6, &parsed, written.data(), static_cast<socklen_t>(written.size()));
    return std::string(written.data()) + "/64";
}

GuessLimit::GuessLimit(GuessLimitParams params) : params_(params) {}

void GuessLimit::fill(Bucket& bucket, double per_minute, Timestamp now) {
    if (now <= bucket.at) return;  // the clock was put back: nothing is won by it
    bucket.left = std::min(per_minute, bucket.left + per_minute * to_seconds(now - bucket.at) / 60);
    bucket.at = now;
}

bool GuessLimit::is_trusted(const std::string& address, Timestamp now) const {
    const auto found = trusted_.find(address);
    return found != trusted_.end() && now - found->second < params_.trusted_for;
}

std::optional<Nanos> GuessLimit::take(std::string_view address, Timestamp now) {
    const std::string source = guess_source(address);
    auto found = addresses_.find(source);
    if (found == addresses_.end()) {
        if (addresses_.size() >= params_.addresses_max) {
            addresses_.erase(std::ranges::min_element(
                addresses_, [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
        }
        found = addresses_.emplace(source, Bucket{.left = params_.guesses_per_minute, .at = now}).first;
    }
    if (!all_) all_ = Bucket{.left = params_.all_per_minute, .at = now};
    fill(found->second, params_.guesses_per_minute, now);
    fill(*all_, params_.all_per_minute, now);
    const bool counts_for_all = !is_trusted(source, now);
    const auto wait = [](const Bucket& bucket, double per_minute) {
        return Nanos(static_cast<Nanos::rep>((1 - bucket.left) * 60e9 / per_minute));
    };
    if (found->second.left < 1) return wait(found->second, params_.guesses_per_minute);
    if (counts_for_all && all_->left < 1) return wait(*all_, params_.all_per_minute);
    found->second.left -= 1;
    if (counts_for_all) all_->left -= 1;
    return std::nullopt;
}

void GuessLimit::was_right(std::string_view address, Timestamp now) {
    const std::string source = guess_source(address);
    if (const auto found = addresses_.find(source); found != addresses_.end())
        found->second.left = std::min(params_.guesses_per_minute, found->second.left + 1);
    if (all_ && !is_trusted(source, now)) all_->left = std::min(params_.all_per_minute, all_->left + 1);
    if (trusted_.size() >= params_.trusted_max && !trusted_.contains(source)) {
        trusted_.erase(
            std::ranges::min_element(trusted_, [](const auto& a, const auto& b) { return a.second < b.second; }));
    }
    trusted_[source] = now;
}

}  // namespace vt::login
