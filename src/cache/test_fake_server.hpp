#pragma once

#include "base/prng.hpp"
#include "cache/link.hpp"

#include <condition_variable>
#include <map>
#include <mutex>

namespace vt::cache {

/// A server inside of the test, whose state of health is set by the test at any time.
class FakeServer {
public:
    enum class Health : std::uint8_t {
        well,
        down,      ///< cannot be connected to, and calls fail
        hanging,   ///< calls do not come back until the health changes
        full,      ///< refuses to write
        garbage,   ///< returns random bytes
        flipped,   ///< returns what was stored, with one bit turned
        mixed_up,  ///< returns what is stored under another key
    };

    void set(Health health) {
        {
            const std::lock_guard lock(mutex_);
            health_ = health;
        }
        wake_.notify_all();
    }
    void flush() {
        const std::lock_guard lock(mutex_);
        stored_.clear();
    }
    [[nodiscard]] std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return stored_.size();
    }
    [[nodiscard]] std::size_t gets() const {
        const std::lock_guard lock(mutex_);
        return gets_;
    }
    [[nodiscard]] Connect connect() {
        return [this](Deadline) -> Result<std::unique_ptr<Link>> {
            const std::lock_guard lock(mutex_);
            if (health_ == Health::down) return fail(Errc::unavailable, "connection refused");
            return std::make_unique<FakeLink>(*this);
        };
    }

private:
    class FakeLink final : public Link {
    public:
        explicit FakeLink(FakeServer& server) : server_(server) {}
        Result<std::optional<std::string>> get(const std::string& key, Deadline) override { return server_.get(key); }
        Result<void> set(const std::string& key, std::string_view bytes, std::chrono::milliseconds,
                         Deadline) override {
            return server_.set(key, std::string(bytes));
        }
        Result<void> remove(const std::string& key, Deadline) override { return server_.set(key, std::nullopt); }
        bool is_quiet() const override { return true; }

    private:
        FakeServer& server_;
    };

    // The mutex is held, except while it hangs.
    Result<void> hang_or_fail(std::unique_lock<std::mutex>& lock) {
        wake_.wait(lock, [this] { return health_ != Health::hanging; });
        if (health_ == Health::down) return fail(Errc::unavailable, "connection lost");
        return {};
    }
    Result<std::optional<std::string>> get(const std::string& key) {
        std::unique_lock lock(mutex_);
        ++gets_;
        if (auto well = hang_or_fail(lock); !well) return tl::unexpected<Error>(well.error());
        const auto found = stored_.find(key);
        if (health_ == Health::garbage) {
            std::string bytes(prng_.below(200), '\0');
            for (char& byte : bytes) byte = static_cast<char>(prng_.below(256));
            return bytes;
        }
        if (health_ == Health::mixed_up && !stored_.empty()) {
            const auto next = found == stored_.end() ? stored_.begin() : std::next(found);
            return next == stored_.end() ? stored_.begin()->second : next->second;
        }
        if (found == stored_.end()) return std::nullopt;
        std::string bytes = found->second;
        if (health_ == Health::flipped) bytes[prng_.below(bytes.size())] ^= static_cast<char>(1U << prng_.below(8));
        return bytes;
    }
    Result<void> set(const std::string& key, std::optional<std::string> bytes) {
        std::unique_lock lock(mutex_);
        if (auto well = hang_or_fail(lock); !well) return well;
        if (health_ == Health::full && bytes) return fail(Errc::refused, "out of memory");
        if (bytes) {
            stored_[key] = std::move(*bytes);
        } else {
            stored_.erase(key);
        }
        return {};
    }

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    Health health_ = Health::well;
    std::map<std::string, std::string> stored_;
    std::size_t gets_ = 0;
    Prng prng_{1, "fake server"};
};

}  // namespace vt::cache
