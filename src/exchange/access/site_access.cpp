#include "exchange/access/site_access.hpp"

#include <algorithm>

namespace vt::exchange::access {
namespace {

using std::chrono::seconds;

constexpr std::size_t kEndpointsMax = 256;  ///< paths come from our own codecs; this only bounds a mistake
constexpr Nanos kOverloadFirst = seconds{1};
constexpr Nanos kOverloadLongest = seconds{60};
constexpr Nanos kLimitFallback = seconds{1};
/// A venue's clock and ours tick apart by no more than this in one wait; being early would be the second offence.
constexpr Nanos kMargin = std::chrono::milliseconds{50};

/// How much of a burst each priority may use, and of what the venue counts in its minute.
struct Shares {
    double burst = 0;
    double minute = 0;
};
Shares shares_of(Priority priority) {
    switch (priority) {
        case Priority::order: return {1.0, 1.0};
        case Priority::live: return {0.8, 0.8};
        case Priority::history: return {0.6, 0.7};
    }
    return {};
}

}  // namespace

SiteAccess::SiteAccess(Site site, AccessParams params)
    : site_(site),
      params_(params),
      limits_(published_limits(site)),
      connects_(planned(limits_.connects.limit, params.share), limits_.connects.span),
      orders_(site, params.share) {
    for (const PublishedLimit& limit : limits_.requests) {
        counted_.push_back({limit, Budget(planned(limit.limit, params.share), limit.span)});
    }
}

std::vector<Refused> SiteAccess::ask(const HttpGet& get) {
    std::vector<Refused> refused;
    if (const auto same = by_target_.find(get.target); same != by_target_.end()) {
        Flight& flight = flights_.at(same->second);
        if (flight.askers.size() >= params_.askers_max) {
            refused.push_back({flight.askers.front(), "asked again by others meanwhile"});
            flight.askers.erase(flight.askers.begin());
        }
        flight.askers.push_back(get.request);
        if (flight.is_sent) return refused;
        flight.get.not_before = std::min(flight.get.not_before, get.not_before);
        if (get.priority < flight.get.priority) {
            std::erase(queue(flight.get.priority), same->second);
            queue(get.priority).push_back(same->second);
            flight.get.priority = get.priority;
        }
        return refused;
    }
    if (!make_room(get.priority, refused)) {
        refused.push_back({get.request, "too many requests wait for " + std::string(name(site_))});
        return refused;
    }
    flights_.emplace(get.request, Flight{get, {get.request}});
    by_target_.emplace(get.target, get.request);
    queue(get.priority).push_back(get.request);
    return refused;
}

bool SiteAccess::make_room(Priority priority, std::vector<Refused>& refused) {
    if (queue(priority).size() < params_.waiting_max) return true;
    std::deque<RequestId>& history = queue(Priority::history);
    if (priority == Priority::history || history.empty()) return false;
    drop(history.back(), "gave way to a request for live data", refused);
    return true;
}

void SiteAccess::drop(RequestId leader, std::string_view why, std::vector<Refused>& refused) {
    const auto found = flights_.find(leader);
    for (const RequestId asker : found->second.askers) refused.push_back({asker, std::string(why)});
    std::erase(queue(found->second.get.priority), leader);
    by_target_.erase(found->second.get.target);
    flights_.erase(found);
}

SiteAccess::Endpoint& SiteAccess::endpoint(std::string_view path) {
    const auto found = endpoints_.find(path);
    if (found != endpoints_.end()) return found->second;
    return endpoints_[endpoints_.size() < kEndpointsMax ? std::string(path) : std::string("(others)")];
}

bool SiteAccess::has_turn(const HttpGet& get) const {
    const auto of = endpoints_.find(path_of(get.target));
    if (of == endpoints_.end()) return true;
    const bool is_single = of->second.is_one_at_a_time || of->second.breaker.is_tripped();
    return !is_single || of->second.in_flight == 0;
}

/// When nothing but the budget holds the request back.
Timestamp SiteAccess::ready_at(const Flight& flight) const {
    Timestamp at = flight.get.not_before;
    if (block_) at = std::max(at, block_->until);
    const auto of = endpoints_.find(path_of(flight.get.target));
    if (of == endpoints_.end()) return at;
    return std::max({at, of->second.held_until, of->second.breaker.open_until()});
}

Timestamp SiteAccess::paid_at(const HttpGet& get, Timestamp now) const {
    const Pool pool = pool_of(site_, get.target);
    const Shares shares = shares_of(get.priority);
    Timestamp at = now;
    for (const Counted& one : counted_) {
        if (one.published.pool != pool) continue;
        const std::uint32_t units = one.published.counts_weight ? get.weight : 1;
        at = std::max(at, one.budget.free_at(units, shares.burst));
        if (!one.published.counts_weight || !observed_ || now >= observed_->until) continue;
        // The venue counts everyone at this address, so here the whole plan is the measure, not our share of it.
        const double allowed = static_cast<double>(one.published.limit) * kPlannedShare * shares.minute;
        if (observed_->used + units > allowed) at = std::max(at, observed_->until);
    }
    return at;
}

NextStep SiteAccess::next(Timestamp now) {
    NextStep step;
    if (in_flight_ >= params_.in_flight_max || (is_probing_ && in_flight_ > 0)) return step;  // an answer comes first
    const auto look_at = [&](Timestamp at) { step.look_at = step.look_at ? std::min(*step.look_at, at) : at; };
    std::array<bool, 2> is_saving{};  // a request of a higher priority waits for this pool's budget
    for (std::deque<RequestId>& waiting : queues_) {
        const bool is_history = &waiting == &queue(Priority::history);
        if (is_history && history_in_flight_ >= params_.history_in_flight) break;
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            Flight& flight = flights_.at(waiting[i]);
            const auto pool = static_cast<std::size_t>(pool_of(site_, flight.get.target));
            if (is_saving[pool]) continue;
            if (const Timestamp ready = ready_at(flight); ready > now) {
                look_at(ready);
                continue;
            }
            if (!has_turn(flight.get)) continue;
            if (const Timestamp paid = paid_at(flight.get, now); paid > now) {
                look_at(paid);
                is_saving[pool] = true;
                continue;
            }
            waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
            send(flight, now);
            return {.send = flight.get, .look_at = std::nullopt};
        }
    }
    return step;
}

void SiteAccess::send(Flight& flight, Timestamp now) {
    const HttpGet& get = flight.get;
    const Pool pool = pool_of(site_, get.target);
    for (Counted& one : counted_) {
        if (one.published.pool == pool) one.budget.spend(one.published.counts_weight ? get.weight : 1, now);
    }
    if (pool == Pool::general) {
        weight_in_flight_ += get.weight;
        if (observed_) observed_->used += get.weight;
    }
    if (block_ && now >= block_->until) block_.reset();
    flight.is_sent = true;
    ++in_flight_;
    if (get.priority == Priority::history) ++history_in_flight_;
    ++endpoint(path_of(get.target)).in_flight;
}

std::vector<RequestId> SiteAccess::answered(RequestId request, const Answer& answer) {
    const auto found = flights_.find(request);
    if (found == flights_.end() || !found->second.is_sent) return {};
    const Flight flight = std::move(found->second);
    flights_.erase(found);
    by_target_.erase(flight.get.target);
    --in_flight_;
    if (flight.get.priority == Priority::history) --history_in_flight_;
    if (pool_of(site_, flight.get.target) == Pool::general) weight_in_flight_ -= flight.get.weight;
    Endpoint& of = endpoint(path_of(flight.get.target));
    --of.in_flight;
    apply(judge(site_, answer), of, answer.received);
    orders_.answered(answer);
    if (answer.status == 200 && path_of(flight.get.target).ends_with("/exchangeInfo")) learn_limits(answer.body);
    return flight.askers;
}

void SiteAccess::apply(const Verdict& verdict, Endpoint& of, Timestamp now) {
    if (verdict.used_weight) {  // what is under way may not be in the venue's count yet
        observed_ = Observed{*verdict.used_weight + weight_in_flight_,
                             now + verdict.minute_left.value_or(Nanos{std::chrono::minutes{1}})};
    }
    switch (verdict.standing) {
        case Standing::fine:
            of.breaker.succeeded();
            of.is_one_at_a_time = of.is_one_at_a_time && of.held_until > now;
            is_probing_ = is_probing_ && block_.has_value();
            if (!block_) overloads_ = 0;
            if (verdict.endpoint_left == 0U && verdict.wait) of.held_until = now + *verdict.wait + kMargin;
            return;
        case Standing::failed: return of.breaker.failed(now);
        case Standing::endpoint_limit:
            of.held_until = std::max(of.held_until, now + verdict.wait.value_or(kLimitFallback) + kMargin);
            of.is_one_at_a_time = true;
            return;
        case Standing::overload:
        case Standing::banned:
        case Standing::geo_blocked: return stop_site(verdict, now);
    }
}

void SiteAccess::stop_site(const Verdict& verdict, Timestamp now) {
    const Nanos backoff = std::min(kOverloadLongest, kOverloadFirst * (1U << std::min(overloads_, 6U)));
    if (!is_probing_ || !block_) ++overloads_;  // answers to what was under way together count once
    const Timestamp until = now + verdict.wait.value_or(backoff) + kMargin;
    if (!block_ || until > block_->until) block_ = Block{verdict.standing, until, verdict.reason};
    is_probing_ = true;
}

void SiteAccess::learn_limits(std::string_view body) {
    orders_.learn(body);
    for (const PublishedLimit& told : rate_limits(body)) {
        for (Counted& one : counted_) {
            const bool is_same =
                one.published.pool == Pool::general && one.published.counts_weight == told.counts_weight;
            if (!is_same || one.published.span != told.span || one.published.limit == told.limit) continue;
            one.published.limit = told.limit;
            one.budget.set_limit(planned(told.limit, params_.share), told.span);
        }
    }
    limits_.requests.clear();
    for (const Counted& one : counted_) limits_.requests.push_back(one.published);
}

Timestamp SiteAccess::connect_at(Timestamp wanted) {
    const Timestamp at = std::max(wanted, connects_.free_at(1, 1.0));
    connects_.spend(1, at);
    return at;
}

void SiteAccess::connected() {
    for (auto& [path, one] : endpoints_) one.breaker.try_now();
}

void SiteAccess::upgrade_refused(int status, std::string_view body, Timestamp now) {
    const Verdict verdict = judge(site_, {.status = status, .body = body, .headers = {}, .received = now});
    if (verdict.standing == Standing::geo_blocked) stop_site(verdict, now);
}

std::size_t SiteAccess::waiting() const {
    std::size_t count = 0;
    for (const auto& waiting : queues_) count += waiting.size();
    return count;
}

std::optional<Block> SiteAccess::block(Timestamp now) const {
    return block_ && block_->until > now ? block_ : std::nullopt;
}

std::vector<std::string> SiteAccess::broken_paths(Timestamp now) const {
    std::vector<std::string> paths;
    for (const auto& [path, one] : endpoints_) {
        if (one.breaker.is_tripped() && one.breaker.open_until() > now) paths.push_back(path);
    }
    return paths;
}

}  // namespace vt::exchange::access
