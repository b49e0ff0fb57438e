#include "confluence/reasons.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace vt::confluence {
namespace {

constexpr double kSmallest = 0.1;

struct Share {
    std::string_view name;
    double points = 0;
};

std::string in_words(const Share& share) {
    std::string text(share.name);
    std::replace(text.begin(), text.end(), '_', ' ');
    std::array<char, 32> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), std::abs(share.points),
                                            std::chars_format::fixed, 1);
    return text + (share.points < 0 ? " \u2212" : " +") + std::string(digits.data(), end);
}

}  // namespace

std::vector<std::string> reasons(const ScoreRecord& record, std::size_t count) {
    std::vector<Share> shares;
    for (const Part& part : record.parts) {
        for (const analysis::Component& component : part.opinion.components) {
            Share share{.name = component.name};
            for (const analysis::Leaf& leaf : component.leaves) {
                if (leaf.score) share.points += leaf_gain(part, component, leaf) * (*leaf.score - 50);
            }
            if (std::abs(share.points) >= kSmallest) shares.push_back(share);
        }
    }
    std::stable_sort(shares.begin(), shares.end(),
                     [](const Share& a, const Share& b) { return std::abs(a.points) > std::abs(b.points); });
    if (shares.size() > count) shares.resize(count);
    std::vector<std::string> words;
    words.reserve(shares.size());
    for (const Share& share : shares) words.push_back(in_words(share));
    return words;
}

}  // namespace vt::confluence
