#include "api/request_body.hpp"

#include <simdjson.h>

#include <algorithm>
#include <set>

namespace vt::api {
namespace {

using simdjson::dom::element;

std::string_view name(BodyType type) {
    switch (type) {
        case BodyType::text: return "string";
        case BodyType::number: return "integer";
        case BodyType::truth: return "boolean";
        case BodyType::object: return "object";
    }
    return "string";
}

bool has_type(element value, BodyType type) {
    switch (type) {
        case BodyType::text: return value.is_string();
        case BodyType::number: return value.is_int64() || value.is_uint64();
        case BodyType::truth: return value.is_bool();
        case BodyType::object: return value.is_object();
    }
    return false;
}

/// The first member that an object, here or within, has twice.
std::optional<std::string> repeated_member(element value) {
    if (value.is_array()) {
        for (const element item : value.get_array()) {
            if (auto found = repeated_member(item)) return found;
        }
    }
    if (!value.is_object()) return std::nullopt;
    std::set<std::string_view> names;
    for (const auto& [key, member] : value.get_object()) {
        if (!names.insert(key).second) return std::string(key.substr(0, 60));
        if (auto found = repeated_member(member)) return found;
    }
    return std::nullopt;
}

std::string list_of(std::span<const BodyMember> members) {
    if (members.empty()) return "this takes no members";
    std::string list = "this takes a JSON object of";
    for (const BodyMember& member : members) {
        list += (&member == members.data() ? " " : ", ") + member.name;
        if (!member.is_required) list += " (may be left out)";
    }
    return list;
}

}  // namespace

std::optional<std::string> body_fault(std::span<const BodyMember> members, std::string_view body) {
    std::set<std::string_view> given;
    simdjson::dom::parser parser;
    if (!body.empty()) {
        element root;
        const simdjson::padded_string padded(body);
        if (parser.allocate(std::max<std::size_t>(body.size(), 64), kBodyDepthMax) != simdjson::SUCCESS ||
            parser.parse(padded).get(root) != simdjson::SUCCESS || !root.is_object())
            return "the body is not JSON, or nested too deeply: " + list_of(members);
        if (const auto twice = repeated_member(root)) return "the body has '" + *twice + "' twice";
        for (const auto& [key, value] : root.get_object()) {
            const auto member = std::ranges::find(members, key, &BodyMember::name);
            if (member == members.end()) return "'" + std::string(key.substr(0, 60)) + "': " + list_of(members);
            if (!has_type(value, member->type))
                return member->name + " must be of the type " + std::string(name(member->type));
            given.insert(member->name);
        }
    }
    for (const BodyMember& member : members) {
        if (member.is_required && !given.contains(member.name))
            return member.name + " is missing: " + list_of(members);
    }
    return std::nullopt;
}

void write_body_schema(JsonWriter& out, std::span<const BodyMember> members) {
    out.begin_object().field("type", "object").field("additionalProperties", false).key("properties").begin_object();
    for (const BodyMember& member : members) {
        out.key(member.name).begin_object().field("type", name(member.type)).field("description", member.meaning);
        if (member.is_secret) out.field("writeOnly", true).field("format", "password");
        out.end_object();
    }
    out.end_object();
    if (std::ranges::any_of(members, &BodyMember::is_required)) {
        out.key("required").begin_array();
        for (const BodyMember& member : members) {
            if (member.is_required) out.value(member.name);
        }
        out.end_array();
    }
    out.end_object();
}

}  // namespace vt::api
