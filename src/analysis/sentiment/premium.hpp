#pragma once

#include "analysis/leaf.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/sentiment/sentiment_context.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace vt::analysis::sentiment {

/// What the contract costs above its index: the mean of ln(mark/index) over the seconds of the last five minutes.
///   out:    bps
///   source: docs/indicators/premium.md
class Premium {
public:
    Premium();
    [[nodiscard]] static Component describe();
    void evaluate(const SentimentContext& context, Component& component);
    void skip();

    template <class Archive>
    void archive(Archive& a) {
        a(seconds_, is_known_, next_, past_);
        if constexpr (Archive::kIsReader) {
            if (next_ >= kSeconds) {
                a.fail();
                skip();
            }
        }
    }

private:
    static constexpr std::size_t kSeconds = 300;

    std::array<float, kSeconds> seconds_{};  // bps
    std::array<bool, kSeconds> is_known_{};
    std::uint32_t next_ = 0;
    Normaliser past_;
};

}  // namespace vt::analysis::sentiment
