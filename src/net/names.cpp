#include "net/detail/names.hpp"

#include <algorithm>

namespace vt::net::detail {
namespace {

constexpr Nanos kRemembered = std::chrono::minutes{10};
constexpr Nanos kPatience = std::chrono::seconds{1};
constexpr Nanos kHeadStart = std::chrono::milliseconds{250};
constexpr Nanos kLongestAnswer = std::chrono::seconds{5};
constexpr Nanos kUntilCancelled = std::chrono::minutes{5};
constexpr std::size_t kMostNames = 256;
constexpr std::size_t kMostAddresses = 16;

/// The families in turn, beginning with that of the first.
Addresses alternating(const Addresses& found) {
    Addresses first;
    Addresses second;
    for (const auto& one : found) (one.is_v6() == found.front().is_v6() ? first : second).push_back(one);
    Addresses mixed;
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size()) mixed.push_back(first[i]);
        if (i < second.size()) mixed.push_back(second[i]);
    }
    if (mixed.size() > kMostAddresses) mixed.resize(kMostAddresses);
    return mixed;
}

/// One question, shared with the answer that may come after we stopped waiting.
struct Question {
    explicit Question(const asio::io_context::executor_type& executor) : wake(executor) {}
    Timer wake;
    std::optional<Result<Addresses>> answer;
};

}  // namespace

void Names::ask_system(const std::string& host, Found found) {
    using Resolver = asio::ip::basic_resolver<tcp, Executor>;
    const auto resolver = std::make_shared<Resolver>(context_.get_executor());
    resolver->async_resolve(host, "", [resolver, host, found = std::move(found)](error_code problem, auto results) {
        if (problem) return found(fail(Errc::unavailable, "cannot resolve " + host + ": " + problem.message()));
        Addresses addresses;
        for (const auto& each : results) addresses.push_back(each.endpoint().address());
        found(std::move(addresses));
    });
}

Task<Result<Addresses>> Names::find(std::string host) {
    error_code not_numeric;
    const auto address = asio::ip::make_address(host, not_numeric);
    if (!not_numeric) co_return Addresses{address};
    const auto question = std::make_shared<Question>(context_.get_executor());
    Found found = [question](Result<Addresses> answer) {
        question->answer = std::move(answer);
        question->wake.cancel();
    };
    if (ask) {
        ask(host, std::move(found));
    } else {
        ask_system(host, std::move(found));
    }
    const auto remembered = known_.find(host);
    const bool has_memory = remembered != known_.end() && steady_now() - remembered->second.at < kRemembered;
    if (!question->answer) {
        question->wake.expires_after(has_memory ? kPatience : kLongestAnswer);
        (void)co_await question->wake.async_wait(kAwait);
    }
    if (question->answer && *question->answer && !(*question->answer)->empty()) {
        Addresses addresses = alternating(**question->answer);
        if (known_.size() >= kMostNames) known_.erase(known_.begin());
        Known& known = known_[host];
        if (!known.addresses.empty()) {  // what worked last stays first while it is still an address of the host
            const auto last = std::find(addresses.begin(), addresses.end(), known.addresses.front());
            if (last != addresses.end()) std::rotate(addresses.begin(), last, last + 1);
        }
        known = {addresses, steady_now()};
        co_return addresses;
    }
    if (has_memory && known_.contains(host)) co_return known_.at(host).addresses;
    if (question->answer && !*question->answer) co_return tl::unexpected<Error>(question->answer->error());
    co_return fail(Errc::unavailable, "cannot resolve " + host + ": no answer");
}

void Names::worked(const std::string& host, const asio::ip::address& address) {
    const auto known = known_.find(host);
    if (known == known_.end()) return;
    Addresses& addresses = known->second.addresses;
    const auto at = std::find(addresses.begin(), addresses.end(), address);
    if (at != addresses.end()) std::rotate(addresses.begin(), at, at + 1);
}

Race::Race(Executor executor, Addresses addresses, std::uint16_t port, std::string local_address)
    : executor_(executor),
      addresses_(std::move(addresses)),
      port_(port),
      local_address_(std::move(local_address)),
      wake_(executor) {}

void Race::start_next(const std::shared_ptr<Race>& self) {
    const asio::ip::address& address = addresses_[sockets_.size()];
    const std::size_t index = sockets_.size();
    sockets_.push_back(std::make_unique<Socket>(executor_));
    Socket& socket = *sockets_.back();
    error_code problem;
    if (!local_address_.empty()) {
        const auto local = asio::ip::make_address(local_address_, problem);
        if (!problem && local.is_v6() != address.is_v6()) problem = asio::error::address_family_not_supported;
        if (!problem) socket.open(address.is_v6() ? tcp::v6() : tcp::v4(), problem);
        if (!problem) socket.bind(tcp::endpoint(local, 0), problem);
    }
    if (problem) {
        ++failed_;
        problem_ = problem;
        return;
    }
    socket.async_connect(tcp::endpoint(address, port_), [self, index](error_code failure) {
        if (failure) {
            ++self->failed_;
            self->problem_ = failure;
        } else if (!self->winner_) {
            self->winner_ = index;
        }
        self->wake_.cancel();
    });
}

Task<Result<Socket>> Race::run(std::shared_ptr<Race> self) {
    while (!self->is_over()) {
        if (self->sockets_.size() < self->addresses_.size()) {
            self->start_next(self);
            if (self->failed_ == self->sockets_.size()) continue;
        }
        const bool has_more = self->sockets_.size() < self->addresses_.size();
        self->wake_.expires_after(has_more ? kHeadStart : kUntilCancelled);
        (void)co_await self->wake_.async_wait(kAwait);
    }
    std::vector<std::unique_ptr<Socket>> sockets = std::move(self->sockets_);
    error_code ignored;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        if (self->winner_ != i) sockets[i]->close(ignored);
    }
    if (self->is_cancelled_) co_return fail(Errc::unavailable, "given up");
    if (!self->winner_) co_return fail(Errc::unavailable, self->problem_.message());
    co_return std::move(*sockets[*self->winner_]);
}

void Race::cancel() {
    is_cancelled_ = true;
    wake_.cancel();
}

}  // namespace vt::net::detail
