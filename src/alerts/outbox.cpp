#include "alerts/outbox.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <chrono>

namespace vt::alerts {
namespace {

constexpr Nanos kHour = std::chrono::hours{1};

Nanos patience_with(const Alert& alert) {
    return alert.severity == Severity::critical ? Outbox::kCriticalPatience : Outbox::kPatience;
}

Nanos retry_after(std::uint32_t failures) {
    Nanos wait = Outbox::kFirstRetry;
    for (std::uint32_t i = 1; i < failures && wait < Outbox::kLongestRetry; ++i) wait *= 2;
    return std::min(wait, Outbox::kLongestRetry);
}

std::int64_t minute_of_day(Timestamp at) { return (at - floor_to(at, kDay)) / std::chrono::minutes{1}; }

}  // namespace

void Outbox::set_channels(const std::vector<ChannelTerms>& channels, Timestamp now) {
    std::map<std::string, Channel> old = std::exchange(channels_, {});
    for (const ChannelTerms& terms : channels) {
        const auto before = old.find(terms.name);
        Channel channel;
        if (before != old.end()) {
            channel = std::move(before->second);
            old.erase(before);
            channel.tokens = std::min(channel.tokens, static_cast<double>(terms.burst));
        } else {
            channel.tokens = terms.burst;
            channel.tokens_at = now;
        }
        channel.terms = terms;
        const bool is_new = channels_.emplace(terms.name, std::move(channel)).second;
        VT_ASSERT(is_new);
    }
    for (auto& [name, channel] : old) {
        const std::string problem = "the channel " + name + " is no longer configured";
        for (auto* queue : {&channel.critical, &channel.others})
            for (Item& item : *queue) give_up(std::move(item), problem, now);
        for (Item& item : channel.on_its_way) give_up(std::move(item), problem, now);
    }
}

std::size_t Outbox::put(std::shared_ptr<const Alert> alert, const std::vector<std::string>& channels, Timestamp now) {
    std::size_t count = 0;
    for (auto& [name, channel] : channels_) {
        if (!channels.empty() && std::ranges::find(channels, name) == channels.end()) continue;
        if (alert->severity < channel.terms.severity_min) continue;
        Item item{.delivery = {.alert = alert->id, .channel = name, .queued_at = now}, .alert = alert};
        changes_.push_back(item.delivery);
        enqueue(channel, std::move(item), now);
        ++count;
    }
    return count;
}

void Outbox::resume(Delivery delivery, std::shared_ptr<const Alert> alert, Timestamp now) {
    const auto at = channels_.find(delivery.channel);
    const bool may_have_arrived = delivery.state == DeliveryState::sending;
    delivery.state = DeliveryState::waiting;
    Item item{.delivery = std::move(delivery), .alert = std::move(alert), .may_have_arrived = may_have_arrived};
    if (at == channels_.end()) {
        std::string problem = "the channel " + item.delivery.channel + " is no longer configured";
        return give_up(std::move(item), std::move(problem), now);
    }
    enqueue(at->second, std::move(item), now);
}

void Outbox::enqueue(Channel& channel, Item item, Timestamp now) {
    const bool is_critical = item.alert->severity == Severity::critical;
    std::deque<Item>& queue = is_critical ? channel.critical : channel.others;
    const std::size_t most = is_critical ? kMostCritical : kMostWaiting;
    queue.push_back(std::move(item));
    if (queue.size() <= most) return;
    Item oldest = std::move(queue.front());
    queue.pop_front();
    give_up(std::move(oldest),
            "no room: " + std::to_string(most) + " alerts wait for " + channel.terms.name + ". It stays in the inbox",
            now);
}

void Outbox::give_up(Item item, std::string problem, Timestamp now) {
    item.delivery.state = DeliveryState::dead;
    item.delivery.settled_at = now;
    item.delivery.problem = std::move(problem);
    changes_.push_back(std::move(item.delivery));
}

void Outbox::expire(Channel& channel, Timestamp now) {
    for (auto* queue : {&channel.critical, &channel.others}) {
        while (!queue->empty() && now - queue->front().delivery.queued_at > patience_with(*queue->front().alert)) {
            Item item = std::move(queue->front());
            queue->pop_front();
            std::string problem =
                "not delivered within " + std::to_string(patience_with(*item.alert) / kHour) + " hours";
            if (!item.delivery.problem.empty()) problem += ": " + item.delivery.problem;
            give_up(std::move(item), std::move(problem), now);
        }
    }
}

void Outbox::refill(Channel& channel, Timestamp now) {
    if (now <= channel.tokens_at) return;
    const double gained = to_seconds(now - channel.tokens_at) / 3600 * channel.terms.per_hour;
    channel.tokens = std::min(channel.tokens + gained, static_cast<double>(channel.terms.burst));
    channel.tokens_at = now;
}

bool Outbox::is_quiet(const ChannelTerms& terms, Timestamp now) {
    const auto from = terms.quiet_from_minute, until = terms.quiet_until_minute;
    if (from == until) return false;
    const std::int64_t minute = minute_of_day(now);
    return from < until ? minute >= from && minute < until : minute >= from || minute < until;
}

Timestamp Outbox::quiet_end(const ChannelTerms& terms, Timestamp now) {
    const Timestamp today = floor_to(now, kDay) + std::chrono::minutes{terms.quiet_until_minute};
    return today > now ? today : today + kDay;
}

std::optional<Timestamp> Outbox::due(const Channel& channel, Timestamp now) {
    if (!channel.on_its_way.empty()) return std::nullopt;
    if (!channel.critical.empty()) return std::max(now, channel.not_before);
    if (channel.others.empty()) return std::nullopt;
    Timestamp at = std::max(now, channel.not_before);
    if (channel.tokens < 1) {
        if (channel.terms.per_hour == 0) return std::nullopt;
        const double hours = (1 - channel.tokens) / channel.terms.per_hour;
        // a nanosecond more: the refill must not fall short of one by a rounding
        at = std::max(at, channel.tokens_at + Nanos{static_cast<std::int64_t>(hours * 3600e9) + 1});
    }
    return is_quiet(channel.terms, at) ? quiet_end(channel.terms, at) : at;
}

std::optional<Timestamp> Outbox::due(Timestamp now) const {
    std::optional<Timestamp> first;
    for (const auto& [name, channel] : channels_)
        if (const auto at = due(channel, now); at && (!first || *at < *first)) first = at;
    return first;
}

Message Outbox::begin(Channel& channel, std::vector<Item> items) {
    Message message{.channel = channel.terms.name};
    for (const Item& item : items) {
        message.is_repeat = message.is_repeat || item.may_have_arrived;
        message.alerts.push_back(item.alert);
    }
    const Delivery& first = items.front().delivery;
    message.key = first.message.empty() ? first.alert : first.message;
    for (Item& item : items) {
        item.delivery.message = message.key;
        item.delivery.state = DeliveryState::sending;
        ++item.delivery.attempts;
        changes_.push_back(item.delivery);
    }
    channel.on_its_way = std::move(items);
    return message;
}

std::size_t Outbox::together(const Channel& channel) {
    const auto& others = channel.others;
    const Delivery& first = others.front().delivery;
    const auto belongs = [&](const Item& item) {
        // What failed together goes together again, so that a repetition is known by its key.
        if (!first.message.empty() || !item.delivery.message.empty()) return item.delivery.message == first.message;
        // The last token takes all that wait, and so does the end of quiet hours.
        return channel.tokens < 1 ||
               (is_quiet(channel.terms, first.queued_at) && is_quiet(channel.terms, item.delivery.queued_at));
    };
    std::size_t count = 1;
    while (count < std::min(others.size(), kMostInMessage) && belongs(others[count])) ++count;
    return count;
}

std::optional<Message> Outbox::next(Timestamp now) {
    for (auto& [name, channel] : channels_) {
        if (!channel.on_its_way.empty()) continue;
        expire(channel, now);
        refill(channel, now);
        const auto at = due(channel, now);
        if (!at || *at > now) continue;
        std::vector<Item> items;
        if (!channel.critical.empty()) {
            items.push_back(std::move(channel.critical.front()));
            channel.critical.pop_front();
            return begin(channel, std::move(items));
        }
        channel.tokens -= 1;
        const std::size_t count = together(channel);
        for (std::size_t i = 0; i < count; ++i) {
            items.push_back(std::move(channel.others.front()));
            channel.others.pop_front();
        }
        return begin(channel, std::move(items));
    }
    return std::nullopt;
}

void Outbox::on_outcome(const std::string& name, const Outcome& outcome, Timestamp now) {
    const auto at = channels_.find(name);
    if (at == channels_.end() || at->second.on_its_way.empty()) return;
    Channel& channel = at->second;
    std::vector<Item> items = std::exchange(channel.on_its_way, {});
    if (outcome.kind == Outcome::Kind::retry) {
        ++channel.failures;
        const Nanos wait = std::clamp(outcome.after.value_or(retry_after(channel.failures)), Nanos{0}, kLongestAsked);
        channel.not_before = std::max(channel.not_before, now + wait);
        for (auto item = items.rbegin(); item != items.rend(); ++item) {
            item->delivery.state = DeliveryState::waiting;
            item->delivery.problem = outcome.problem;
            item->may_have_arrived = item->may_have_arrived || outcome.may_have_arrived;
            changes_.push_back(item->delivery);
            auto& queue = item->alert->severity == Severity::critical ? channel.critical : channel.others;
            queue.push_front(std::move(*item));
        }
        return;
    }
    channel.failures = 0;
    for (Item& item : items) {
        if (outcome.kind == Outcome::Kind::refused) {
            give_up(std::move(item), outcome.problem, now);
            continue;
        }
        item.delivery.state = DeliveryState::delivered;
        item.delivery.settled_at = now;
        item.delivery.receipt = outcome.receipt;
        item.delivery.problem.clear();
        changes_.push_back(std::move(item.delivery));
    }
}

bool Outbox::is_sending() const {
    return std::ranges::any_of(channels_, [](const auto& channel) { return !channel.second.on_its_way.empty(); });
}

std::size_t Outbox::waiting(const std::string& channel) const {
    const auto at = channels_.find(channel);
    if (at == channels_.end()) return 0;
    return at->second.critical.size() + at->second.others.size() + at->second.on_its_way.size();
}

}  // namespace vt::alerts
