#pragma once

#include "analysis/refuse_unless.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace vt::analysis::bitcoin_beta {

/// Log returns of Bitcoin and of the instrument over each of the last six hours' seconds, side by side and in one
/// piece. A second in which one of the four mids was not known holds two zeros, which add nothing to a sum of
/// products, and is marked.
///   cost: push O(1); trim O(6 h) moves; 183 kB
class SecondReturns {
public:
    static constexpr std::size_t kKept = 21'600;
    /// Seconds that may come between two trims.
    static constexpr std::size_t kSlack = 704;

    SecondReturns();

    struct LogMids {
        double bitcoin = 0;
        double own = 0;
        template <class Archive>
        void archive(Archive& a) {
            a(bitcoin, own);
        }
    };
    /// The second that ends now. in: absent where one of the mids is not known or too old
    void push(const std::optional<LogMids>& mids);
    /// Seconds that nobody saw.
    void skip(std::int64_t seconds);
    void clear();
    /// Drops what is older than kKept; positions in the spans change. Call at least every kSlack seconds, or it
    /// happens by itself.
    void trim();

    [[nodiscard]] std::span<const float> bitcoin() const { return bitcoin_; }
    [[nodiscard]] std::span<const float> own() const { return own_; }
    [[nodiscard]] std::size_t size() const { return own_.size(); }
    /// Whether the `count` newest seconds are all known.
    [[nodiscard]] bool are_newest_known(std::size_t count) const;
    /// Known ones from position `first` on.
    [[nodiscard]] std::size_t count_known(std::size_t first, std::size_t end) const;

    template <class Archive>
    void archive(Archive& a) {
        a(bitcoin_, own_, known_, last_);
        if constexpr (Archive::kIsReader) {
            const bool is_whole = own_.size() == bitcoin_.size() && own_.size() <= kKept + kSlack &&
                                  known_.size() == (own_.size() + kWord - 1) / kWord;
            if (!is_whole) {
                a.fail();
                clear();
            }
        }
    }

private:
    static constexpr std::size_t kWord = 64;
    void append(float bitcoin, float own, bool is_known);
    [[nodiscard]] bool is_known(std::size_t position) const {
        return ((known_[position / kWord] >> (position % kWord)) & 1U) != 0;
    }

    std::vector<float> bitcoin_, own_;
    std::vector<std::uint64_t> known_;  // a bit for each second
    std::optional<LogMids> last_;
};

}  // namespace vt::analysis::bitcoin_beta
