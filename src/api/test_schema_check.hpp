#pragma once

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace vt::api {

/// A parsed document with what its elements live in.
struct Document {
    explicit Document(std::string_view text) {
        const auto parsed = parser.parse(text.data(), text.size());
        is_valid = parsed.error() == simdjson::SUCCESS;
        EXPECT_TRUE(is_valid) << "not JSON: " << text.substr(0, 400);
        if (is_valid) root = parsed.value_unsafe();
    }
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    bool is_valid = false;
};

/// Compares a value with a JSON schema (type, enum, required, properties, items, $ref), strictly: a member that the
/// schema's properties do not name is a fault too.
class SchemaCheck {
public:
    explicit SchemaCheck(simdjson::dom::element openapi) : openapi_(openapi) {}

    /// out: empty, or what is wrong and where
    [[nodiscard]] std::string fault(simdjson::dom::element value, std::string_view schema) const {
        simdjson::dom::element found;
        if (openapi_["components"]["schemas"][schema].get(found) != simdjson::SUCCESS)
            return "no schema " + std::string(schema);
        return fault(value, found, std::string(schema));
    }

private:
    using element = simdjson::dom::element;

    static bool is(element value, std::string_view type) {
        if (type == "null") return value.is_null();
        if (type == "string") return value.is_string();
        if (type == "boolean") return value.is_bool();
        if (type == "integer") return value.is_int64() || value.is_uint64();
        if (type == "number") return value.is_number();
        if (type == "array") return value.is_array();
        return type == "object" && value.is_object();
    }
    static bool has_type(element value, element types) {
        if (types.is_string()) return is(value, types.get_string().value());
        for (const element type : types.get_array()) {
            if (is(value, type.get_string().value())) return true;
        }
        return false;
    }
    [[nodiscard]] std::string fault_of_members(element value, element schema, const std::string& at) const {
        element part;
        if (schema["required"].get(part) == simdjson::SUCCESS) {
            for (const element name : part.get_array()) {
                if (value[name.get_string().value()].error() != simdjson::SUCCESS)
                    return at + " lacks " + std::string(name.get_string().value());
            }
        }
        if (schema["properties"].get(part) != simdjson::SUCCESS) return {};
        for (const auto& [name, member] : value.get_object()) {
            element wanted;
            if (part[name].get(wanted) != simdjson::SUCCESS)
                return at + "." + std::string(name) + " is not in the schema";
            if (auto wrong = fault(member, wanted, at + "." + std::string(name)); !wrong.empty()) return wrong;
        }
        return {};
    }
    [[nodiscard]] std::string fault_of_tuple(element value, element items, const std::string& at) const {
        if (value.get_array().size() != items.get_array().size())
            return at + " has " + std::to_string(value.get_array().size()) + " values, not " +
                   std::to_string(items.get_array().size());
        for (std::size_t i = 0; i < items.get_array().size(); ++i) {
            const std::string place = at + "[" + std::to_string(i) + "]";
            if (auto wrong = fault(value.at(i), items.at(i), place); !wrong.empty()) return wrong;
        }
        return {};
    }
    [[nodiscard]] std::string fault(element value, element schema, const std::string& at) const {
        element part;
        if (schema["$ref"].get(part) == simdjson::SUCCESS) {
            const std::string_view reference = part.get_string().value();
            return fault(value, reference.substr(reference.rfind('/') + 1));
        }
        if (schema["anyOf"].get(part) == simdjson::SUCCESS) {
            std::string first;
            for (const element way : part.get_array()) {
                const std::string wrong = fault(value, way, at);
                if (wrong.empty()) return {};
                if (first.empty()) first = wrong;
            }
            return first;
        }
        if (schema["enum"].get(part) == simdjson::SUCCESS) {
            for (const element allowed : part.get_array()) {
                if (simdjson::minify(allowed) == simdjson::minify(value)) return {};
            }
            return at + " is " + simdjson::minify(value) + ", none of the allowed";
        }
        if (schema["type"].get(part) == simdjson::SUCCESS && !has_type(value, part))
            return at + " is " + std::string(simdjson::minify(value)).substr(0, 60) + ", not " +
                   simdjson::minify(part);
        if (value.is_object()) return fault_of_members(value, schema, at);
        if (value.is_array() && schema["prefixItems"].get(part) == simdjson::SUCCESS)
            return fault_of_tuple(value, part, at);
        if (value.is_array() && schema["items"].get(part) == simdjson::SUCCESS) {
            for (const element item : value.get_array()) {
                if (auto wrong = fault(item, part, at + "[]"); !wrong.empty()) return wrong;
            }
        }
        return {};
    }

    element openapi_;
};

}  // namespace vt::api
