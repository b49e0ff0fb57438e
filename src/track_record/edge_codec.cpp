#include "track_record/edge_codec.hpp"

#include "base/member_codec.hpp"

#include <algorithm>
#include <concepts>

namespace vt::track_record {
namespace {

constexpr std::uint8_t kEdgeVersion = 1;

}  // namespace

template <class B, class A>
requires std::same_as<std::remove_const_t<B>, EdgeBin>
void members(B& bin, A& archive) { archive(bin.from, bin.effective, bin.probability, bin.low_net_r); }

template <class S, class A>
requires std::same_as<std::remove_const_t<S>, SymbolShift>
void members(S& symbol, A& archive) { archive(symbol.symbol, symbol.shift); }

template <class D, class A>
requires std::same_as<std::remove_const_t<D>, DecayState>
void members(D& decay, A& archive) { archive(decay.level, decay.alarm, decay.recovery, decay.is_decayed); }

template <class E, class A>
requires std::same_as<std::remove_const_t<E>, StrategyEdge>
void members(E& edge, A& archive) {
    archive(edge.strategy, edge.effective, edge.bins, edge.symbols, edge.level, edge.decay);
}

namespace {

/// What looking up relies on.
bool is_sound(const StrategyEdge& edge) {
    const bool has_chances = std::ranges::all_of(edge.bins, [](const EdgeBin& bin) {
        return !bin.probability || (*bin.probability > 0 && *bin.probability < 1);
    });
    return has_chances && std::ranges::is_sorted(edge.bins, {}, &EdgeBin::from) &&
           std::ranges::is_sorted(edge.symbols, {}, &SymbolShift::symbol);
}

}  // namespace

void encode_edges(const std::vector<StrategyEdge>& edges, std::string& out) {
    append_little_endian(out, kEdgeVersion);
    MemberEncoder encoder(out);
    encoder(edges);
}

Result<std::vector<StrategyEdge>> decode_edges(std::string_view bytes) {
    if (bytes.empty() || static_cast<std::uint8_t>(bytes.front()) != kEdgeVersion)
        return fail(Errc::unsupported, "what is known of the edge is of another version of the program");
    std::vector<StrategyEdge> edges;
    MemberDecoder decoder(bytes.substr(1));
    decoder(edges);
    if (!decoder.is_whole() || !std::ranges::all_of(edges, is_sound))
        return fail(Errc::malformed, "what is known of the edge is damaged");
    return edges;
}

}  // namespace vt::track_record
