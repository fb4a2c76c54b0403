// SourceOverlay is the file system that clang reads through: files with annotations come masked,
// or, once the first pass is done, rewritten; every other file comes as it is.
//
// Ownership: shared by reference count with clang's FileManager. Threading: one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "compiler/frontend/option_mask.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace ray::compiler {

class SourceOverlay : public llvm::vfs::ProxyFileSystem {
 public:
  struct AnnotatedFile {
    std::string original;
    MaskedSource masked;
  };

  explicit SourceOverlay(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> below)
      : ProxyFileSystem(std::move(below)) {}

  // Runs before the first file with annotations is handed out.
  void on_first_annotation(std::function<void()> hook) { first_annotation_ = std::move(hook); }
  // From now on `path` reads as `text`.
  void replace(const std::string& path, std::string text) { replaced_[path] = std::move(text); }

  // By the path they were opened with.
  const std::map<std::string, AnnotatedFile>& annotated_files() const { return annotated_; }
  // Whether ray/ray.h has been opened.
  bool has_seen_library() const { return has_seen_library_; }

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine& path) override;
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine& path) override;

 private:
  std::function<void()> first_annotation_;
  std::map<std::string, AnnotatedFile> annotated_;
  std::map<std::string, std::string> replaced_;
  bool has_seen_library_ = false;
};

}  // namespace ray::compiler
