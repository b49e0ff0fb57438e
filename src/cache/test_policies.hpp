#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string_view>
#include <unordered_map>

namespace vt::cache {

/// Textbook policies on numbers, as slow and plain as they can be: what the tier's own policy is compared with.
/// `access` tells whether the key was there, and takes it in if not; `forget` drops what has run out, if it is there.

class FifoModel {
public:
    static constexpr std::string_view kName = "fifo";
    explicit FifoModel(std::size_t capacity) : capacity_(capacity) {}
    bool access(std::uint32_t key) {
        if (where_.contains(key)) return true;
        if (order_.size() == capacity_) {
            where_.erase(order_.back());
            order_.pop_back();
        }
        order_.push_front(key);
        where_[key] = order_.begin();
        return false;
    }
    void forget(std::uint32_t key) {
        const auto found = where_.find(key);
        if (found == where_.end()) return;
        order_.erase(found->second);
        where_.erase(found);
    }

private:
    std::size_t capacity_;
    std::list<std::uint32_t> order_;
    std::unordered_map<std::uint32_t, std::list<std::uint32_t>::iterator> where_;
};

class LruModel {
public:
    static constexpr std::string_view kName = "lru";
    explicit LruModel(std::size_t capacity) : capacity_(capacity) {}
    bool access(std::uint32_t key) {
        if (const auto found = where_.find(key); found != where_.end()) {
            order_.splice(order_.begin(), order_, found->second);
            return true;
        }
        if (order_.size() == capacity_) {
            where_.erase(order_.back());
            order_.pop_back();
        }
        order_.push_front(key);
        where_[key] = order_.begin();
        return false;
    }
    void forget(std::uint32_t key) {
        const auto found = where_.find(key);
        if (found == where_.end()) return;
        order_.erase(found->second);
        where_.erase(found);
    }

private:
    std::size_t capacity_;
    std::list<std::uint32_t> order_;
    std::unordered_map<std::uint32_t, std::list<std::uint32_t>::iterator> where_;
};

/// Zhang and others, NSDI 2024: a queue whose hand walks from the oldest to the newest and spares what was asked for.
class SieveModel {
public:
    static constexpr std::string_view kName = "sieve";
    explicit SieveModel(std::size_t capacity) : capacity_(capacity), hand_(order_.end()) {}
    bool access(std::uint32_t key) {
        if (const auto found = where_.find(key); found != where_.end()) {
            found->second->is_visited = true;
            return true;
        }
        if (order_.size() == capacity_) evict();
        order_.push_front({key, false});
        where_[key] = order_.begin();
        return false;
    }
    void forget(std::uint32_t key) {
        const auto found = where_.find(key);
        if (found == where_.end()) return;
        if (hand_ == found->second)  // goes on where it would have gone from there
            hand_ = hand_ == order_.begin() ? order_.end() : std::prev(hand_);
        order_.erase(found->second);
        where_.erase(found);
    }

private:
    struct Node {
        std::uint32_t key;
        bool is_visited;
    };
    void evict() {
        auto at = hand_ == order_.end() ? std::prev(order_.end()) : hand_;
        while (at->is_visited) {
            at->is_visited = false;
            at = at == order_.begin() ? std::prev(order_.end()) : std::prev(at);
        }
        hand_ = at == order_.begin() ? order_.end() : std::prev(at);
        where_.erase(at->key);
        order_.erase(at);
    }
    std::size_t capacity_;
    std::list<Node> order_;
    std::list<Node>::iterator hand_;
    std::unordered_map<std::uint32_t, std::list<Node>::iterator> where_;
};

/// Yang and others, SOSP 2023: newcomers wait in a small queue and move on if they are asked for again; those that
/// left it unasked are remembered by name, and join the main queue at once if they come back.
class S3FifoModel {
public:
    static constexpr std::string_view kName = "s3_fifo_as_published";
    /// As published: a tenth for newcomers, who need two more requests to stay, and nine tenths of ghosts.
    explicit S3FifoModel(std::size_t capacity)
        : capacity_(capacity), small_capacity_(capacity / 10), ghost_capacity_(capacity * 9 / 10) {}
    bool access(std::uint32_t key) {
        if (const auto found = where_.find(key); found != where_.end()) {
            if (found->second->hits < 3) ++found->second->hits;
            return true;
        }
        const bool is_known = ghosts_.contains(key);
        while (where_.size() >= capacity_)
            small_.size() >= small_capacity_ || main_.empty() ? evict_small() : evict_main();
        auto& queue = is_known ? main_ : small_;
        queue.push_front({key, 0, is_known});
        where_[key] = queue.begin();
        return false;
    }
    void forget(std::uint32_t key) {
        const auto found = where_.find(key);
        if (found == where_.end()) return;
        (found->second->is_in_main ? main_ : small_).erase(found->second);
        where_.erase(found);
    }

private:
    struct Node {
        std::uint32_t key;
        int hits;
        bool is_in_main;
    };
    void evict_small() {
        while (!small_.empty()) {
            const Node node = small_.back();
            if (node.hits >= 2) {
                small_.back().hits = 0;
                small_.back().is_in_main = true;
                main_.splice(main_.begin(), small_, std::prev(small_.end()));
                continue;
            }
            where_.erase(node.key);
            small_.pop_back();
            remember(node.key);
            return;
        }
        evict_main();
    }
    void evict_main() {
        while (main_.back().hits > 0) {
            --main_.back().hits;
            main_.splice(main_.begin(), main_, std::prev(main_.end()));
        }
        where_.erase(main_.back().key);
        main_.pop_back();
    }
    void remember(std::uint32_t key) {
        if (const auto old = ghosts_.find(key); old != ghosts_.end()) {
            ghost_order_.erase(old->second);
            ghosts_.erase(old);
        }
        ghost_order_.push_front(key);
        ghosts_[key] = ghost_order_.begin();
        if (ghosts_.size() > ghost_capacity_) {
            ghosts_.erase(ghost_order_.back());
            ghost_order_.pop_back();
        }
    }
    std::size_t capacity_;
    std::size_t small_capacity_;
    std::size_t ghost_capacity_;
    std::list<Node> small_;
    std::list<Node> main_;
    std::list<std::uint32_t> ghost_order_;
    std::unordered_map<std::uint32_t, std::list<Node>::iterator> where_;
    std::unordered_map<std::uint32_t, std::list<std::uint32_t>::iterator> ghosts_;
};

}  // namespace vt::cache
