#pragma once

#include "cache/memory_tier.hpp"

#include <algorithm>
#include <list>
#include <string>

namespace vt::cache {

/// What MemoryTier with one shard has to do, written with lists and searched from end to end: no index, no slots, no
/// hashes. The fields that a test compares are public.
class TierModel {
public:
    struct Item {
        std::string key;
        Value value;
        Lifetime lifetime;
        std::size_t cost = 0;
        int asked = 0;
    };

    TierModel(const MemoryTierParams& params, std::size_t overhead) : params_(params), overhead_(overhead) {}

    std::optional<Found> find(const std::string& key, Timestamp now) {
        for (std::list<Item>* queue : {&newcomers_, &residents_}) {
            for (Item& item : *queue) {
                if (item.key != key || item.lifetime.expires_at <= now) continue;
                item.asked = std::min(item.asked + 1, 3);
                const bool is_due = item.lifetime.refresh_at <= now;
                if (is_due) item.lifetime.refresh_at = now + params_.refresh_claim;
                return Found{.value = item.value, .is_refresh_due = is_due};
            }
        }
        return std::nullopt;
    }

    bool put(const std::string& key, const Value& value, Lifetime lifetime, Timestamp now) {
        const std::size_t cost = key.size() + (value.bytes ? value.bytes->size() : 0) + overhead_;
        if (cost > params_.max_bytes || lifetime.expires_at <= now) {
            erase(key);
            return false;
        }
        for (std::list<Item>* queue : {&newcomers_, &residents_}) {
            for (Item& item : *queue) {
                if (item.key != key) continue;
                item.value = value;
                item.lifetime = lifetime;
                item.cost = cost;
                while (bytes() > params_.max_bytes) evict(now);
                return holds(key);
            }
        }
        while (items() >= params_.max_items || bytes() + cost > params_.max_bytes) evict(now);
        const auto ghost = std::find(ghosts_.begin(), ghosts_.end(), key);
        (ghost == ghosts_.end() ? newcomers_ : residents_).push_back({key, value, lifetime, cost, 0});
        std::erase(ghosts_, key);
        return true;
    }

    bool erase(const std::string& key) {
        return erase_if([&](const Item& item) { return item.key == key; }) > 0;
    }
    std::size_t sweep(Timestamp now) {
        return erase_if([&](const Item& item) { return item.lifetime.expires_at <= now; });
    }
    [[nodiscard]] std::size_t items() const { return newcomers_.size() + residents_.size(); }
    [[nodiscard]] std::size_t bytes() const {
        std::size_t sum = 0;
        for (const auto* queue : {&newcomers_, &residents_})
            for (const Item& item : *queue) sum += item.cost;
        return sum;
    }

private:
    template <class Condition>
    std::size_t erase_if(Condition condition) {
        return std::erase_if(newcomers_, condition) + std::erase_if(residents_, condition);
    }
    [[nodiscard]] bool holds(const std::string& key) const {
        const auto is_it = [&](const Item& item) { return item.key == key; };
        return std::any_of(newcomers_.begin(), newcomers_.end(), is_it) ||
               std::any_of(residents_.begin(), residents_.end(), is_it);
    }
    void evict(Timestamp now) {
        for (;;) {
            const bool is_newcomer =
                residents_.empty() || newcomers_.size() >= std::max<std::size_t>(1, items() / 20);
            std::list<Item>& queue = is_newcomer ? newcomers_ : residents_;
            Item item = queue.front();
            queue.pop_front();
            const bool is_expired = item.lifetime.expires_at <= now;
            if (item.asked > 0 && !is_expired) {
                item.asked = is_newcomer ? 0 : item.asked - 1;
                residents_.push_back(item);
                continue;
            }
            if (is_newcomer && !is_expired) remember(item.key);
            return;
        }
    }
    /// A name that came back lost its place, but the places are counted as they were given out: the tier's ring.
    void remember(const std::string& key) {
        places_.push_back(key);
        std::erase(ghosts_, key);
        ghosts_.push_back(key);
        if (places_.size() > params_.max_items / 2) {
            const std::string oldest = places_.front();
            places_.pop_front();
            if (std::find(places_.begin(), places_.end(), oldest) == places_.end()) std::erase(ghosts_, oldest);
        }
    }

    MemoryTierParams params_;
    std::size_t overhead_;
    std::list<Item> newcomers_;  // oldest first, as all lists here
    std::list<Item> residents_;
    std::list<std::string> ghosts_;
    std::list<std::string> places_;
};

}  // namespace vt::cache
